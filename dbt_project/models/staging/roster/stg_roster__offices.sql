select
    {{ roster_envelope() }},
    payload ->> 'office_code' as office_code,
    payload ->> 'office_name' as office_name,
    payload ->> 'country_code' as country_code,
    payload ->> 'category_code' as category_code,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/offices/1'
