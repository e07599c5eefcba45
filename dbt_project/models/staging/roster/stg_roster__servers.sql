select
    {{ roster_envelope() }},
    payload ->> 'server_name' as server_name,
    payload ->> 'platform_code' as platform_code,
    (payload ->> 'is_allowed')::boolean as is_allowed,
    payload ->> 'terms_url' as terms_url,
    payload ->> 'terms_read_month' as terms_read_month,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/servers/1'
