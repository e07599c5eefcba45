with

memberships as ({{ roster_at_cut('stg_roster__country_groups') }})

select distinct
    {{ var('year') }}::integer as year,
    country_code,
    group_type_code,
    group_code,
    source_id,
from memberships
where
    coalesce(start_date <= {{ window_end_date() }}, true)
    and coalesce(end_date >= {{ window_end_date() }}, true)
