select
    {{ roster_envelope() }},
    payload ->> 'account_group_id' as account_group_id,
    payload ->> 'account_group_name' as account_group_name,
    payload ->> 'account_id' as account_id,
    (payload ->> 'start_date')::date as start_date,
    (payload ->> 'end_date')::date as end_date,
    payload ->> 'policy_code' as policy_code,
    payload ->> 'evidence_title' as evidence_title,
    payload ->> 'evidence_url' as evidence_url,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/account_groups/1'
