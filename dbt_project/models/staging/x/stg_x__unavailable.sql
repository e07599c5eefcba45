select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    split_part(subject, '/', 1) as account_id,
    'x:' || split_part(subject, '/', 2) as post_id,
    'deleted' as reason_code,
from {{ source('raw', 'post_snapshots') }}
where dataschema = 'x/v1.1/delete'
qualify row_number() over (partition by event_id order by ledger_position) = 1
