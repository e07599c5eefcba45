with

groups as ({{ roster_at_cut('stg_roster__country_groups') }})

select
    country_code,
    bool_or(group_type_code = 'un') as is_un_member,
    max(group_code) filter (group_type_code = 'm49-region') as region_code,
    max(group_code) filter (group_type_code = 'm49-subregion') as subregion_code,
from groups
where
    coalesce(start_date <= {{ window_end_date() }}, true)
    and coalesce(end_date >= {{ window_end_date() }}, true)
group by country_code
