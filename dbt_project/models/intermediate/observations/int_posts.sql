with

observations as (
    select * from {{ ref('int_post_observations') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

sources as ({{ roster_at_cut('stg_roster__sources') }}),

tenures as (
    select * from {{ ref('int_tenures') }}
),

-- Posts that the platform stopped showing, and when it first did not show them after it last did.
gone as (
    select
        unavailable.post_id,
        min(unavailable.observed_at) as unavailable_at,
    from {{ ref('int_unavailable') }} as unavailable
    left join observations
        on unavailable.post_id = observations.post_id and unavailable.observed_at < observations.observed_at
    where unavailable.post_id is not null and observations.post_id is null
    group by unavailable.post_id
),

latest as (
    select
        *,
        year(posted_at)::integer as year,
    from {{ ref('int_seen_posts') }}
)

-- Sources are filtered by a list. With one more join DuckDB would expect hardly any posts and put all of them into
-- memory.
select
    latest.year,
    latest.post_id,
    latest.account_id,
    latest.posted_at,
    latest.source_id,
    latest.observed_at as engagement_observed_at,
    latest.is_repost,
    case when latest.is_repost is not null then latest.is_own_repost end as is_own_repost,
    not latest.is_repost as is_original,
    case
        when latest.is_repost then false
        when latest.is_reply then latest.replied_to_account_id != latest.account_id
        else latest.is_reply
    end as is_reply_to_other,
    latest.is_quote,
    tenures.tenure_id is not null as is_in_office,
    tenures.tenure_id,
    tenures.holder_id,
    tenures.office_code,
    tenures.country_code,
    tenures.term_start_date,
    latest.language_code,
    latest.client_name,
    latest.kind_code,
    latest.hashtags,
    latest.mentioned_account_ids,
    latest.replied_to_account_id,
    latest.link_domains,
    latest.reposts_received_count,
    latest.likes_received_count,
    latest.replies_received_count,
    latest.quotes_received_count,
    latest.views_received_count,
    gone.unavailable_at,
from latest
inner join accounts
    on
        latest.account_id = accounts.account_id
        and list_contains((select list(source_id) from sources), latest.source_id)
left join gone on latest.post_id = gone.post_id
left join tenures
    on
        latest.year = tenures.year
        and latest.account_id = tenures.account_id
        and latest.posted_at >= tenures.tenure_start_at
        and latest.posted_at < tenures.tenure_end_at
