select
    ledger_position,
    (payload ->> 'position')::integer as erased_position,
    (payload ->> 'rows')::bigint - (payload ->> 'kept_rows')::bigint as erased_events_count,
    payload ->> 'subject_sha256' != '' as is_of_subject,
    recorded_at,
from {{ source('raw', 'erasures') }}
where dataschema = 'segment/erased/1'
