select
    {{ roster_envelope() }},
    payload ->> 'platform_code' as platform_code,
    payload ->> 'operation_code' as operation_code,
    (payload ->> 'start_date')::date as start_date,
    payload ->> 'per_code' as per_code,
    (payload ->> 'price_usd')::decimal(38, 9) as price_usd,
    (payload ->> 'quota_units_count')::bigint as quota_units_count,
    payload ->> 'price_url' as price_url,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/prices/1'
