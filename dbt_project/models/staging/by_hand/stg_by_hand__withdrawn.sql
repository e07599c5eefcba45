with

withdrawals as (
    select
        withdrawals.payload ->> 'event_id' as event_id,
        withdrawals.observed_at::date as withdrawn_date,
        sheets.input_name,
    from {{ source('raw', 'withdrawals') }} as withdrawals
    inner join {{ ref('stg_collections') }} as sheets on withdrawals.ledger_position = sheets.ledger_position
    where withdrawals.dataschema = 'observation/withdrawn/1' and withdrawals.ledger_position <= {{ cut() }}
)

-- A sheet can withdraw only what it stated itself: the same statement of another sheet still counts.
select
    snapshots.ledger_position,
    snapshots.event_id,
    snapshots.source_id,
    withdrawals.input_name,
    snapshots.subject,
    withdrawals.withdrawn_date,
from {{ source('raw', 'account_snapshots') }} as snapshots
inner join withdrawals on snapshots.event_id = withdrawals.event_id
inner join {{ ref('stg_collections') }} as sheets
    on snapshots.ledger_position = sheets.ledger_position and withdrawals.input_name = sheets.input_name
