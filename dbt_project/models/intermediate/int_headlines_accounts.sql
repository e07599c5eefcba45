with

accounts as (
    select
        *,
        split_part(account_id, ':', 1) as platform_code,
    from {{ ref('accounts_yearly') }}
),

-- n counts the terms on accounts whose posts were collected.
sums as (
    select
        platform_code,
        max(engagement_observed_at)::date as observed_date,
        count(posts_count) as n,
        unnest([
            {'metric_id': 'C01', 'value': count(distinct account_id) filter (posts_count is not null)::decimal(38, 9)},
            {'metric_id': 'T03', 'value': sum(posts_per_day)},
            {'metric_id': 'T05', 'value': sum(posts_count)::decimal(38, 9)},
            {
                'metric_id': 'V02',
                'value': count_if(posts_count > 0 and replies_to_others_count = 0)::decimal(38, 9)
            }
        ]) as figure,
    from accounts
    group by platform_code
)

select
    platform_code,
    figure.metric_id,
    'in_office' as scope,
    case
        when n = 0 then null
        when figure.metric_id = 'T03' then {{ ratio('(figure.value * 1000000000)', 'n::hugeint * 1000000000') }}
        else figure.value
    end as value,
    n,
    case when figure.metric_id = 'T03' then n end as denominator,
    case when n > 0 then observed_date end as as_of,
from sums
