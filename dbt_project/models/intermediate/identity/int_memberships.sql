with

memberships as ({{ roster_at_cut('stg_roster__country_groups') }})

select distinct
    editions.year,
    memberships.country_code,
    memberships.group_type_code,
    memberships.group_code,
    memberships.source_id,
from memberships
inner join {{ ref('int_editions') }} as editions
    on
        coalesce(memberships.start_date <= editions.window_end_date, true)
        and coalesce(memberships.end_date >= editions.window_end_date, true)
