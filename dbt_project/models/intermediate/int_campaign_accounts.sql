with

hashtags as ({{ roster_at_cut('stg_roster__campaigns') }}),

campaigns as (
    select
        campaign_id,
        any_value(campaign_name) as campaign_name,
        any_value(start_date) as start_date,
        any_value(end_date) as end_date,
        list(hashtag) as hashtags,
    from hashtags
    group by campaign_id
),

tenures as (
    select * from {{ ref('int_tenures') }}
),

-- Whoever was in office on the days of the campaign could take part.
served as (
    select
        campaigns.campaign_id,
        tenures.account_id,
        tenures.platform_code,
        greatest(tenures.tenure_start_date, campaigns.start_date) as first_date,
        least(tenures.tenure_end_date, campaigns.end_date) as last_date,
    from campaigns
    inner join tenures
        on
            coalesce(tenures.tenure_start_date <= campaigns.end_date, true)
            and tenures.tenure_end_date >= campaigns.start_date
),

accounts as (
    select
        campaign_id,
        account_id,
        any_value(platform_code) as platform_code,
        min(first_date) as first_date,
        max(last_date) as last_date,
    from served
    group by campaign_id, account_id
),

collected as (
    select distinct
        served.campaign_id,
        served.account_id,
    from served
    inner join {{ ref('int_collected_spans') }} as spans
        on
            served.account_id = spans.account_id
            and spans.span_start_at < (served.last_date + 1)::timestamptz
            and spans.span_end_at >= served.first_date::timestamptz
),

whole as (
    select
        accounts.campaign_id,
        accounts.account_id,
    from accounts
    inner join {{ ref('int_collected_stretches') }} as stretches
        on
            accounts.account_id = stretches.account_id
            and coalesce(stretches.start_at <= accounts.first_date::timestamptz, true)
            and stretches.end_at >= (accounts.last_date + 1)::timestamptz
)

select
    accounts.campaign_id,
    accounts.account_id,
    accounts.platform_code,
    campaigns.campaign_name,
    campaigns.start_date,
    campaigns.end_date,
    campaigns.hashtags,
    accounts.first_date,
    accounts.last_date,
    collected.account_id is not null as is_collected,
    whole.account_id is not null as is_whole,
from accounts
inner join campaigns on accounts.campaign_id = campaigns.campaign_id
left join collected on accounts.campaign_id = collected.campaign_id and accounts.account_id = collected.account_id
left join whole on accounts.campaign_id = whole.campaign_id and accounts.account_id = whole.account_id
