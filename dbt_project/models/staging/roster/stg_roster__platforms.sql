select
    {{ roster_envelope() }},
    payload ->> 'platform_code' as platform_code,
    payload ->> 'platform_name' as platform_name,
    payload ->> 'redistribution_code' as redistribution_code,
    (payload ->> 'timeline_reach_count')::integer as timeline_reach_count,
    payload ->> 'terms_url' as terms_url,
    payload ->> 'terms_read_month' as terms_read_month,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/platforms/1'
