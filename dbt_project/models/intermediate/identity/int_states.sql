with

countries as ({{ roster_at_cut('stg_roster__countries') }}),

groups as (
    select
        *,
        group_type_code || ':' || group_code as group_key,
        {{ name_of('scope', "group_type_code || ':' || group_code") }} as group_name,
    from {{ ref('int_memberships') }}
),

memberships as (
    select
        year,
        country_code,
        bool_or(group_type_code = 'un') as is_un_member,
        max(group_code) filter (group_type_code = 'm49-region') as region_code,
        arg_max(group_name, group_code) filter (group_type_code = 'm49-region') as region_name,
        max(group_code) filter (group_type_code = 'm49-subregion') as subregion_code,
        arg_max(group_name, group_code) filter (group_type_code = 'm49-subregion') as subregion_name,
        string_agg(distinct group_key, ' ' order by group_key) as group_codes,
        string_agg(distinct group_name, '; ' order by group_name) as group_names,
    from groups
    group by year, country_code
)

select
    editions.year,
    countries.country_code,
    countries.country_name,
    coalesce(memberships.is_un_member, false) as is_un_member,
    memberships.region_code,
    memberships.region_name,
    memberships.subregion_code,
    memberships.subregion_name,
    memberships.group_codes,
    memberships.group_names,
from countries
cross join {{ ref('int_editions') }} as editions
left join memberships on editions.year = memberships.year and countries.country_code = memberships.country_code
