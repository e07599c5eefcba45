{{ config(schema="marts", contract={"enforced": true}) }}

with

figures as (
    select published.*
    from {{ ref('published_figures') }} as published
    inner join {{ ref('int_editions') }} as editions on published.edition_year = editions.year
),

rules as (
    select * from {{ ref('backtest_rules') }}
),

differences as (
    select * from {{ ref('backtest_differences') }}
),

-- A post that was printed about is counted whether or not its account was in office.
posts as (
    select
        figure_id,
        'posts' as comparison_code,
        case own_measure_code
            when 'reposts_per_original_post' then {{ ratio('reposts_received_count', 'posts_count') }}
            when 'interactions_count' then {{ interactions() }}::decimal(38, 9)
        end as own_value,
        posts_count::bigint as own_n,
        observed_date as own_as_of,
        source_id as own_source_id,
        false as is_same_source,
        true as is_other_scope,
    from {{ ref('int_backtest_posts') }}
),

own as (
    select * from {{ ref('int_backtest_presence') }}
    union all by name
    select * from {{ ref('int_backtest_audience') }}
    union all by name
    select * from posts
    union all by name
    select * from {{ ref('int_backtest_published') }}
),

-- A printed figure stands for what rounds or truncates to it; "more than" for what lies above, up to its last place.
compared as (
    select
        figures.*,
        own.* exclude (figure_id),
        rules.difference_code,
        case figures.rounding_code
            when 'at_least' then own.own_value >= figures.value and own.own_value < figures.value + figures.rounded_to
            when 'at_most' then own.own_value <= figures.value and own.own_value > figures.value - figures.rounded_to
            else
                2 * own.own_value >= 2 * figures.value - figures.rounded_to
                and own.own_value < figures.value + figures.rounded_to
        end as is_equal,
    from figures
    inner join own on figures.figure_id = own.figure_id
    inner join rules on own.figure_id = rules.figure_id and own.comparison_code = rules.comparison_code
),

judged as (
    select
        *,
        case
            when is_same_source or difference_code = 'same_data' then 'same_source'
            when comparison_code = 'published' then case when is_equal then 'match' else 'inconsistent_source' end
            when is_other_scope then 'scope_differs'
            when is_equal then 'match'
            else 'differs'
        end as verdict,
    from compared
)

select
    judged.edition_year as year,
    judged.figure_id,
    judged.comparison_code,
    judged.verdict,
    judged.platform_code,
    judged.printed_metric_name,
    judged.printed_scope,
    judged.printed_subject_name,
    judged.value as printed_value,
    judged.rounding_code as printed_rounding_code,
    judged.unit,
    judged.as_of_date as printed_as_of,
    judged.as_of_precision_code as printed_precision_code,
    judged.own_value,
    judged.is_equal,
    judged.own_n,
    judged.own_as_of,
    judged.own_source_id as source_id,
    differences.explanation,
    judged.source_title as printed_in,
    judged.source_url as printed_url,
from judged
left join differences
    on
        case judged.verdict when 'match' then null when 'same_source' then 'same_data' else judged.difference_code end
        = differences.difference_code
