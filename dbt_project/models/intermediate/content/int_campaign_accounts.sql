with

served as (
    select * from {{ ref('int_campaign_tenures') }}
),

accounts as (
    select
        year,
        campaign_id,
        account_id,
        any_value(platform_code) as platform_code,
        any_value(campaign_name) as campaign_name,
        any_value(start_date) as start_date,
        any_value(end_date) as end_date,
        min(first_date) as first_date,
        max(last_date) as last_date,
    from served
    group by year, campaign_id, account_id
),

collected as (
    select distinct
        served.year,
        served.campaign_id,
        served.account_id,
        true as is_collected,
    from served
    inner join {{ ref('int_collected_spans') }} as spans
        on
            served.account_id = spans.account_id
            and coalesce(spans.collected_from_at < (served.last_date + 1)::timestamptz, true)
            and spans.span_end_at >= served.first_date::timestamptz
),

whole as (
    select distinct
        accounts.year,
        accounts.campaign_id,
        accounts.account_id,
        true as is_whole,
    from accounts
    inner join {{ ref('int_collected_periods') }} as periods
        on
            accounts.account_id = periods.account_id
            and coalesce(periods.start_at <= accounts.first_date::timestamptz, true)
            and periods.end_at >= (accounts.last_date + 1)::timestamptz
)

select
    accounts.*,
    coalesce(collected.is_collected, false) as is_collected,
    coalesce(whole.is_whole, false) as is_whole,
from accounts
left join collected using (year, campaign_id, account_id)
left join whole using (year, campaign_id, account_id)
