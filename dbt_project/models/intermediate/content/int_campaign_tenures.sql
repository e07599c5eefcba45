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
)

select
    tenures.year,
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.start_date,
    campaigns.end_date,
    campaigns.hashtags,
    tenures.tenure_id,
    tenures.account_id,
    tenures.platform_code,
    greatest(tenures.tenure_start_date, campaigns.start_date) as first_date,
    least(tenures.tenure_end_date, campaigns.end_date) as last_date,
from campaigns
inner join tenures
    on
        coalesce(tenures.tenure_start_date <= campaigns.end_date, true)
        and tenures.tenure_end_date >= campaigns.start_date
