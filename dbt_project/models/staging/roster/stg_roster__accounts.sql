select
    {{ roster_envelope() }},
    payload ->> 'account_id' as account_id,
    payload ->> 'platform_code' as platform_code,
    payload ->> 'handle' as handle,
    payload ->> 'country_code' as country_code,
    payload ->> 'account_type_code' as account_type_code,
    (payload ->> 'listed_date')::date as listed_date,
    payload ->> 'source_id' as source_id,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/accounts/1'
