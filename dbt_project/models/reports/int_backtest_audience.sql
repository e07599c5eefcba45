with

figures as (
    select * from {{ ref('int_backtest_figures') }} where comparison_code = 'audience'
),

stocks as (
    select * from {{ ref('int_stocks') }} where audience_count is not null
),

-- Days between the figure and each observation; 0 if they may be of the same day, e.g. if only the month is known.
pairs as (
    select
        figures.figure_id,
        stocks.audience_count,
        stocks.observed_at,
        stocks.source_id,
        stocks.class_code,
        figures.is_year_only,
        greatest(
            0, stocks.observed_from_date - figures.as_of_until_date, figures.as_of_date - stocks.observed_until_date
        ) as days_apart_count,
    from figures
    inner join stocks on figures.account_id = stocks.account_id
    where
        stocks.class_code = 'observed'
        or (
            stocks.evidence_url = figures.source_url
            and stocks.observed_from_date = figures.as_of_date
            and stocks.audience_count = figures.printed_value
        )
)

-- The nearest count observed within 31 days; without one, the printed count itself as it was carried over.
select
    figure_id,
    'audience' as comparison_code,
    audience_count::decimal(38, 9) as own_value,
    1::bigint as own_n,
    observed_at::date as own_as_of,
    source_id as own_source_id,
    class_code = 'published' as is_same_source,
    days_apart_count > 0 or is_year_only as is_other_scope,
from pairs
where class_code = 'published' or days_apart_count <= 31
qualify
    row_number() over (
        partition by figure_id
        order by class_code = 'observed' desc, days_apart_count asc, observed_at desc, source_id asc
    ) = 1
