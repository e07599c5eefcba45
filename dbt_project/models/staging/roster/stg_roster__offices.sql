select
    {{ roster_envelope() }},
    payload ->> 'office_code' as office_code,
    payload ->> 'office_name' as office_name,
    payload ->> 'country_code' as country_code,
    payload ->> 'category_code' as category_code,
    payload ->> 'host_country_code' as host_country_code,
    payload ->> 'host_name' as host_name,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/offices/1'
