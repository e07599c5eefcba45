select
    {{ roster_envelope() }},
    payload ->> 'office_code' as office_code,
    payload ->> 'holder_id' as holder_id,
    (payload ->> 'start_date')::date as start_date,
    (payload ->> 'start_at')::timestamptz as start_at,
    (payload ->> 'end_date')::date as end_date,
    payload ->> 'evidence_url' as evidence_url,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/terms/1'
