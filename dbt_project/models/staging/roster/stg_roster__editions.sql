select
    {{ roster_envelope() }},
    (payload ->> 'year')::integer as year,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/editions/1'
