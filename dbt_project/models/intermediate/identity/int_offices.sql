with

offices as ({{ roster_at_cut('stg_roster__offices') }}),

countries as ({{ roster_at_cut('stg_roster__countries') }})

select
    offices.office_code,
    offices.office_name,
    offices.country_code,
    states.country_name,
    offices.category_code,
    {{ name_of('category', 'offices.category_code') }} as category_name,
    offices.host_country_code,
    hosts.country_name as host_country_name,
    offices.host_name,
from offices
inner join countries as states on offices.country_code = states.country_code
left join countries as hosts on offices.host_country_code = hosts.country_code
