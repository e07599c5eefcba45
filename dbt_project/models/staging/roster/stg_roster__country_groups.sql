select
    {{ roster_envelope() }},
    payload ->> 'group_type_code' as group_type_code,
    payload ->> 'group_code' as group_code,
    payload ->> 'country_code' as country_code,
    (payload ->> 'start_date')::date as start_date,
    (payload ->> 'end_date')::date as end_date,
    payload ->> 'source_id' as source_id,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/country_groups/1'
