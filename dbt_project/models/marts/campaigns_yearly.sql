with

campaigns as (
    select * from {{ ref('int_campaign_accounts') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

counts as (
    select * from {{ ref('int_campaign_posts') }}
),

-- A collected account without a post on those days has 0; an account that was not collected has no figures.
known as (
    select
        campaigns.year,
        campaigns.campaign_id,
        campaigns.account_id,
        campaigns.is_whole,
        (counts.original_posts_count is distinct from counts.known_posts_count) as has_unknown,
        counts.first_posted_date,
        counts.last_posted_date,
        {% for count in [
            'campaign_posts_count', 'known_posts_count', 'reposts_received_count', 'likes_received_count'
        ] %}
            case when counts.original_posts_count is null then 0 else counts.{{ count }} end as {{ count }},
        {% endfor %}
    from campaigns
    left join counts using (year, campaign_id, account_id)
    where campaigns.is_collected
)

select
    campaigns.year,
    campaigns.campaign_id,
    campaigns.platform_code,
    campaigns.account_id,
    campaigns.campaign_name,
    campaigns.start_date,
    campaigns.end_date,
    accounts.country_code,
    states.country_name,
    known.campaign_posts_count::bigint as campaign_posts_count,
    known.known_posts_count::bigint as known_posts_count,
    known.first_posted_date,
    known.last_posted_date,
    case when known.campaign_posts_count is not null then known.reposts_received_count end::bigint
        as reposts_received_count,
    case when known.campaign_posts_count is not null then known.likes_received_count end::bigint
        as likes_received_count,
    case when known.campaign_posts_count is not null then known.has_unknown or not known.is_whole end as is_partial,
from campaigns
inner join accounts on campaigns.account_id = accounts.account_id
inner join {{ ref('int_states') }} as states
    on campaigns.year = states.year and accounts.country_code = states.country_code
left join known
    on
        campaigns.year = known.year
        and campaigns.campaign_id = known.campaign_id
        and campaigns.account_id = known.account_id
