select
    {{ roster_envelope() }},
    payload ->> 'session_id' as session_id,
    payload ->> 'session_name' as session_name,
    payload ->> 'office_code' as office_code,
    (payload ->> 'start_at')::timestamptz as start_at,
    (payload ->> 'end_at')::timestamptz as end_at,
    payload ->> 'platform_codes' as platform_codes,
    (payload ->> 'questions_count')::bigint as questions_count,
    payload ->> 'questions_rounding_code' as questions_rounding_code,
    payload ->> 'evidence_title' as evidence_title,
    payload ->> 'evidence_url' as evidence_url,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/question_sessions/1'
