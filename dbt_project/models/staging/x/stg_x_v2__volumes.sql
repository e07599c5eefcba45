with

pages as (
    select *
    from {{ source('raw', 'account_snapshots') }}
    where dataschema = 'x/v2/counts'
    qualify row_number() over (partition by event_id order by ledger_position) = 1
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    subject as account_id,
    from_json(payload -> 'days', '[{"start": "timestamptz", "end": "timestamptz", "count": "bigint"}]') as days,
from pages
