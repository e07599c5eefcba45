with

subjects as (
    select * from {{ ref('int_figure_subjects') }}
),

-- The sample size n counts posts. For the world and for groups it counts collected tenures, in T03 only those whose
-- posts per day are known.
figures as (
    select
        year,
        platform_code,
        grain_code,
        subject,
        subject_name,
        engagement_observed_at as as_of,
        source_id,
        is_partial,
        grain_code in ('world', 'group') as is_group,
        unnest([
            {
                'metric_id': 'T02', 'value': case when grain_code = 'account' then posts_per_day end, 'n': posts_count,
                'denominator': null::bigint
            },
            {
                'metric_id': 'T03', 'value': case when is_group then mean_posts_per_day end,
                'n': posts_per_day_terms_count, 'denominator': posts_per_day_terms_count
            },
            {
                'metric_id': 'T05', 'value': posts_count::decimal(38, 9),
                'n': case when is_group then collected_terms_count else posts_count end, 'denominator': null
            }
        ], recursive := true),
    from subjects
),

lifetimes as (
    select
        year,
        accounts.platform_code,
        account_id as subject,
        accounts.holder_name || ' (@' || accounts.handle || ')' as subject_name,
        stocks.observed_at as as_of,
        stocks.source_id,
        stocks.unranked_reason,
        unnest([
            {'metric_id': 'T01', 'value': stocks.figure_count::decimal(38, 9), 'n': 1},
            {
                'metric_id': 'T02_lifetime', 'value': {{ ratio('stocks.figure_count', 'stocks.account_days_count') }},
                'n': stocks.figure_count
            }
        ], recursive := true),
    from {{ ref('int_tenure_profiles') }} as stocks
    inner join {{ ref('int_account_figures') }} as accounts using (year, tenure_id)
    where stocks.figure_code = 'lifetime_posts'
)

select
    * exclude (is_group),
    'in_office' as scope,
from figures
where
    (metric_id = 'T05' and (value is not null or grain_code = 'world'))
    or (metric_id = 'T02' and grain_code = 'account' and n is not null)
    or (metric_id = 'T03' and (grain_code = 'world' or (is_group and n > 0)))
union all by name
select
    *,
    'account' as grain_code,
    'in_office' as scope,
from lifetimes
