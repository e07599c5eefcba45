select
    {{ roster_envelope() }},
    payload ->> 'account_id' as account_id,
    payload ->> 'holder_id' as holder_id,
    (payload ->> 'start_date')::date as start_date,
    (payload ->> 'end_date')::date as end_date,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/assignments/1'
