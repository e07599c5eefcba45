with

missing as (
    select * from {{ source('raw', 'account_snapshots') }} where dataschema = 'youtube/missing'
    union all by name
    select * from {{ source('raw', 'post_snapshots') }} where dataschema = 'youtube/missing'
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    split_part(subject, '/', 1) as account_id,
    case when event_type = 'post.unavailable' then 'youtube:' || split_part(subject, '/', 2) end as post_id,
    replace(payload ->> 'reason', '-', '_') as reason_code,
from missing
qualify row_number() over (partition by event_id order by ledger_position) = 1
