select
    year,
    country_code,
    states.country_name,
    memberships.group_type_code,
    memberships.group_code,
    {{ name_of('scope', "memberships.group_type_code || ':' || memberships.group_code") }} as group_name,
    memberships.source_id,
from {{ ref('int_memberships') }} as memberships
inner join {{ ref('int_states') }} as states using (year, country_code)
