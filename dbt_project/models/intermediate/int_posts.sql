with

observations as (
    select * from {{ ref('stg_x__posts') }}
),

accounts as ({{ roster_at_cut('stg_roster__accounts') }}),

sources as ({{ roster_at_cut('stg_roster__sources') }}),

tenures as (
    select * from {{ ref('int_tenures') }}
),

latest as (
    select *
    from observations
    where
        ledger_position <= {{ var('cut') }}
        and posted_at >= {{ window_start_date() }}
        and posted_at < {{ window_close_date() }}
    qualify
        row_number() over (partition by post_id order by observed_at desc, ledger_position desc, event_id desc) = 1
)

select
    latest.post_id,
    latest.account_id,
    latest.posted_at,
    latest.source_id,
    latest.observed_at as engagement_observed_at,
    latest.is_repost,
    latest.is_own_repost,
    not latest.is_repost as is_original,
    case
        when latest.is_repost then false
        when not sources.excludes_replies then coalesce(latest.replied_to_account_id != latest.account_id, false)
    end as is_reply_to_other,
    coalesce(latest.is_quote, false) as is_quote,
    tenures.tenure_id is not null as is_in_office,
    tenures.tenure_id,
    tenures.holder_id,
    tenures.office_code,
    tenures.country_code,
    tenures.term_start_date,
    latest.reposts_received_count,
    latest.likes_received_count,
from latest
inner join accounts on latest.account_id = accounts.account_id
inner join sources on latest.source_id = sources.source_id
left join tenures
    on
        latest.account_id = tenures.account_id
        and latest.posted_at >= tenures.tenure_start_at
        and latest.posted_at < tenures.tenure_end_at
