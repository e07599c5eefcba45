with

memberships as (
    select * from {{ ref('memberships_yearly') }}
)

select
    country_code,
    bool_or(group_type_code = 'un') as is_un_member,
    max(group_code) filter (group_type_code = 'm49-region') as region_code,
    max(group_code) filter (group_type_code = 'm49-subregion') as subregion_code,
from memberships
group by country_code
