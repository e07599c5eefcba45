select
    {{ roster_envelope() }},
    payload ->> 'country_code' as country_code,
    payload ->> 'country_name' as country_name,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/countries/1'
