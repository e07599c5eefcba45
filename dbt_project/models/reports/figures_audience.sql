with

subjects as (
    select * from {{ ref('int_figure_subjects') }}
),

figures as (
    select
        year,
        platform_code,
        grain_code,
        subject,
        subject_name,
        unnest([
            {
                'metric_id': case when grain_code in ('world', 'group') then 'A05' else 'A01' end,
                'value': audience_count::decimal(38, 9), 'n': audience_accounts_count, 'denominator': null::bigint,
                'as_of': audience_at, 'source_id': audience_source_id, 'unranked_reason': audience_unranked_reason
            },
            {
                'metric_id': 'A07', 'value': audience_growth_share, 'n': panel_accounts_count,
                'denominator': previous_panel_audience_count, 'as_of': panel_audience_at, 'source_id': panel_source_id,
                'unranked_reason': null
            }
        ], recursive := true),
    from subjects
),

stocks as (
    select
        year,
        accounts.platform_code,
        account_id as subject,
        accounts.holder_name || ' (@' || accounts.handle || ')' as subject_name,
        case stocks.figure_code when 'following' then 'A09' when 'listed' then 'A10' end as metric_id,
        stocks.figure_count::decimal(38, 9) as value,
        stocks.observed_at as as_of,
        stocks.source_id,
        stocks.unranked_reason,
    from {{ ref('int_tenure_profiles') }} as stocks
    inner join {{ ref('int_account_figures') }} as accounts using (year, tenure_id)
    where stocks.figure_code in ('following', 'listed')
)

select
    *,
    'in_office' as scope,
from figures
where grain_code = 'world' or (metric_id = 'A07' and n > 0) or (metric_id != 'A07' and value is not null)
union all by name
select
    *,
    'account' as grain_code,
    1 as n,
    'in_office' as scope,
from stocks
