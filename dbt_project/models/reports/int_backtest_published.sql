with

figures as (
    select * from {{ ref('int_backtest_figures') }} where comparison_code = 'published'
),

others as (
    select * from {{ ref('published_figures') }}
),

groups as ({{ roster_at_cut('stg_roster__country_groups') }}),

members as (
    select
        figures.figure_id,
        count(*) as members_count,
    from figures
    inner join groups
        on
            groups.group_type_code = 'un'
            and coalesce(groups.start_date <= figures.as_of_date, true)
            and coalesce(groups.end_date >= figures.as_of_date, true)
    group by figures.figure_id
)

-- The value that follows from another printed figure: the same value, or its share of the UN members of the day.
select
    figures.figure_id,
    'published' as comparison_code,
    case figures.own_measure_code
        when 'equal' then others.value
        when 'percent_of_un_members' then {{ ratio('(100 * others.value)', 'members.members_count') }}
    end::decimal(38, 9) as own_value,
    1::bigint as own_n,
    others.as_of_date as own_as_of,
    'published-figures' as own_source_id,
    false as is_same_source,
    false as is_other_scope,
from figures
inner join others on figures.other_figure_id = others.figure_id
inner join members on figures.figure_id = members.figure_id
