with

editions as (
    select * from {{ ref('int_editions') }}
),

holders as ({{ roster_at_cut('stg_roster__holders') }}),

members as (
    select
        editions.year,
        editions.window_start_date::timestamptz as start_at,
        editions.window_close_date::timestamptz as end_at,
        states.country_code,
    from {{ ref('int_states') }} as states
    inner join editions using (year)
    where states.is_un_member
),

-- Every leading office of every member, whether or not anybody is entered for it.
offices as (
    select
        *,
        unnest(['head', 'head_of_state', 'head_of_government', 'foreign_minister']) as leading_office_code,
    from members
),

terms as (
    select
        held.country_code,
        unnest(
            case held.category_code
                when 'head_of_state_and_government' then ['head', 'head_of_state', 'head_of_government']
                when 'foreign_minister' then ['foreign_minister']
                else ['head', held.category_code]
            end
        ) as leading_office_code,
        terms.first_at,
        terms.until_at,
    from {{ ref('int_terms') }} as terms
    inner join {{ ref('int_offices') }} as held using (office_code)
    inner join holders using (holder_id)
    where
        holders.holder_kind_code != 'vacancy'
        and held.category_code in (
            'head_of_state_and_government', 'head_of_state', 'head_of_government', 'foreign_minister'
        )
),

answers as (
    select
        offices.year,
        offices.leading_office_code,
        offices.country_code,
        coalesce(
            bool_or(
                coalesce(terms.first_at <= offices.start_at, true) and coalesce(terms.until_at > offices.start_at, true)
            ) filter (terms.country_code is not null),
            false
        ) as is_known_at_start,
        coalesce(
            bool_or(
                coalesce(terms.first_at < offices.end_at, true) and coalesce(terms.until_at >= offices.end_at, true)
            ) filter (terms.country_code is not null),
            false
        ) as is_known_at_end,
    from offices
    left join terms using (country_code, leading_office_code)
    group by offices.year, offices.leading_office_code, offices.country_code
)

select
    year,
    leading_office_code,
    count(*)::bigint as un_members_count,
    count_if(is_known_at_start)::bigint as known_at_start_count,
    count_if(is_known_at_end)::bigint as known_at_end_count,
    {{ ratio('count_if(is_known_at_end)', 'count(*)') }} as known_at_end_share,
    10 * count_if(is_known_at_end) >= 9 * count(*) as is_nearly_all,
from answers
group by year, leading_office_code
