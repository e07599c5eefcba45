select
    {{ roster_envelope() }},
    payload ->> 'source_id' as source_id,
    payload ->> 'title' as title,
    payload ->> 'citation' as citation,
    payload ->> 'url' as url,
    payload ->> 'licence_name' as licence_name,
    payload ->> 'licence_url' as licence_url,
    payload ->> 'scope' as scope,
    payload ->> 'class_code' as class_code,
    coalesce((payload ->> 'excludes_replies')::boolean, false) as excludes_replies,
    payload ->> 'timeline_code' as timeline_code,
    coalesce((payload ->> 'is_synthetic')::boolean, false) as is_synthetic,
    (payload ->> 'observed_at')::timestamptz as observed_at,
    payload ->> 'observed_precision_code' as observed_precision_code,
    (payload ->> 'withdrawn_date')::date as withdrawn_date,
    payload ->> 'withdrawn_reason' as withdrawn_reason,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/sources/1'
