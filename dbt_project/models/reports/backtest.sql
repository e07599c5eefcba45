{{ config(schema="marts", contract={"enforced": true}) }}

with

-- All printed figures, of all years. They are real, so a synthetic panel has none of them.
figures as (
    select *
    from {{ ref('published_figures') }}
    where not exists (select 1 from {{ ref('sources') }} as sources where sources.is_synthetic)
),

-- One row for each comparison that the rules name. A figure without a rule, or of a year that is not an edition, has
-- one row with the comparison `none`.
rules as (
    select
        figures.*,
        coalesce(rules.comparison_code, 'none') as comparison_code,
        rules.difference_code,
    from figures
    left join {{ ref('int_editions') }} as editions on figures.edition_year = editions.year
    left join {{ ref('backtest_rules') }} as rules
        on figures.figure_id = rules.figure_id and figures.edition_year = editions.year
),

reasons as (
    select * from {{ ref('int_backtest_reasons') }}
),

differences as (
    select * from {{ ref('backtest_differences') }}
),

own as (
    select * from {{ ref('int_backtest_presence') }}
    union all by name
    select * from {{ ref('int_backtest_audience') }}
    union all by name
    select * from {{ ref('int_backtest_engagement') }}
    union all by name
    select * from {{ ref('int_backtest_published') }}
),

-- A printed value equals ours if ours rounds or truncates to it: 43,700,000, rounded to 100,000, equals anything from
-- 43,650,000 to below 43,800,000. "More than" a value equals anything from the value to below one last place above it.
compared as (
    select
        rules.*,
        own.* exclude (figure_id, comparison_code),
        case rules.rounding_code
            when 'at_least' then own.own_value >= rules.value and own.own_value < rules.value + rules.rounded_to
            when 'at_most' then own.own_value <= rules.value and own.own_value > rules.value - rules.rounded_to
            else
                2 * own.own_value >= 2 * rules.value - rules.rounded_to
                and own.own_value < rules.value + rules.rounded_to
        end as is_equal,
    from rules
    left join own on rules.figure_id = own.figure_id and rules.comparison_code = own.comparison_code
),

judged as (
    select
        *,
        case
            when own_value is null then 'not_comparable'
            when is_same_source or difference_code = 'same_data' then 'same_source'
            when comparison_code = 'published' then case when is_equal then 'match' else 'inconsistent_source' end
            when is_other_scope then 'scope_differs'
            when is_equal then 'match'
            else 'differs'
        end as verdict,
    from compared
),

explained as (
    select
        judged.*,
        case judged.verdict
            when 'not_comparable' then reasons.difference_code
            when 'same_source' then 'same_data'
            when 'differs' then 'equal_scope'
            when 'match' then null
            else judged.difference_code
        end as reason_code,
    from judged
    inner join reasons on judged.figure_id = reasons.figure_id
)

select
    explained.edition_year as year,
    explained.figure_id,
    explained.comparison_code,
    explained.verdict,
    explained.platform_code,
    explained.printed_metric_name,
    explained.printed_scope,
    explained.printed_subject_name,
    explained.value as printed_value,
    explained.rounding_code as printed_rounding_code,
    explained.unit,
    explained.as_of_date as printed_as_of,
    explained.as_of_precision_code as printed_precision_code,
    explained.own_value,
    explained.is_equal,
    explained.own_n,
    explained.own_as_of,
    explained.own_source_id as source_id,
    explained.reason_code as difference_code,
    differences.explanation,
    explained.source_title as printed_in,
    explained.source_url as printed_url,
from explained
left join differences on explained.reason_code = differences.difference_code
