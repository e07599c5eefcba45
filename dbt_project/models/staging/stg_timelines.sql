with

runs as (
    select
        ledger_position,
        source_id,
        from_json(payload -> 'timelines', '[{
            "account_id": "varchar", "from": "timestamptz", "until": "timestamptz", "limit_code": "varchar"
        }]') as timelines,
    from {{ source('raw', 'collections') }}
    where
        dataschema = 'collection/run/1'
        or dataschema = 'collection/run/2'
        or dataschema = 'collection/run/3'
),

timelines as (
    select
        ledger_position,
        source_id,
        unnest(timelines) as timeline,
    from runs
)

select
    ledger_position,
    source_id,
    timeline.account_id,
    timeline."from" as span_start_at,
    timeline."until" as span_end_at,
    nullif(timeline.limit_code, '') as limit_reason,
from timelines
