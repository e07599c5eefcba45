with

-- The group of all, said in headlines; what it does not tell of its panel beside it.
known as (
    select
        accounts.*,
        audiences.previous_panel_audience_count,
        audiences.panel_audience_at,
        audiences.panel_source_id,
    from {{ ref('groups_yearly') }} as accounts
    left join {{ ref('int_group_audiences') }} as audiences
        on
            accounts.platform_code = audiences.platform_code
            and accounts.group_type_code = audiences.group_type_code
            and accounts.group_code = audiences.group_code
    where accounts.group_type_code = 'all'
),

figures as (
    select
        platform_code,
        unnest([
            {
                'metric_id': 'A05', 'value': audience_count::decimal(38, 9), 'n': audience_accounts_count,
                'denominator': null::hugeint, 'as_of': audience_at, 'source_id': audience_source_id
            },
            {
                'metric_id': 'A07', 'value': audience_growth_share, 'n': panel_accounts_count,
                'denominator': previous_panel_audience_count, 'as_of': panel_audience_at, 'source_id': panel_source_id
            },
            {
                'metric_id': 'C01', 'value': collected_accounts_count::decimal(38, 9), 'n': collected_terms_count,
                'denominator': null, 'as_of': engagement_observed_at, 'source_id': source_id
            },
            {
                'metric_id': 'T03', 'value': mean_posts_per_day, 'n': collected_terms_count,
                'denominator': collected_terms_count, 'as_of': engagement_observed_at, 'source_id': source_id
            },
            {
                'metric_id': 'T05', 'value': posts_count::decimal(38, 9), 'n': collected_terms_count,
                'denominator': null, 'as_of': engagement_observed_at, 'source_id': source_id
            },
            {
                'metric_id': 'V02', 'value': terms_without_replies_count::decimal(38, 9),
                'n': replies_known_terms_count,
                'denominator': null, 'as_of': engagement_observed_at, 'source_id': source_id
            }
        ], recursive := true),
    from known
)

select
    platform_code,
    'in_office' as scope,
    metric_id,
    case when n > 0 then value end as value,
    n,
    case when n > 0 then denominator end as denominator,
    case when n > 0 then as_of::date end as as_of,
    case when n > 0 then source_id end as source_id,
from figures
