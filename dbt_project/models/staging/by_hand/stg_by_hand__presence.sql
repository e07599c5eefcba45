select
    ledger_position,
    event_id,
    source_id,
    subject,
    observed_at,
    payload ->> 'country_code' as country_code,
    payload ->> 'platform_code' as platform_code,
    payload ->> 'account_type_code' as account_type_code,
    payload ->> 'first_active_month' as first_active_month,
    (payload ->> 'looked_from_date')::date as looked_from_date,
    (payload ->> 'looked_until_date')::date as looked_until_date,
from {{ source('raw', 'account_snapshots') }} as snapshots
anti join {{ ref('stg_by_hand__withdrawn') }} as withdrawn
    on snapshots.ledger_position = withdrawn.ledger_position and snapshots.event_id = withdrawn.event_id
where
    (dataschema = 'by-hand/presence/1' or dataschema = 'by-hand/presence/2')
    and {{ counts() }}
qualify row_number() over (partition by event_id order by ledger_position) = 1
