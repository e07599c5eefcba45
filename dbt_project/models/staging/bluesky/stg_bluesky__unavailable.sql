with

errors as (
    select * from {{ source('raw', 'account_snapshots') }} where dataschema = 'bluesky/error'
    union all by name
    select * from {{ source('raw', 'post_snapshots') }} where dataschema = 'bluesky/error'
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    split_part(subject, '/', 1) as account_id,
    case when event_type = 'post.unavailable' then subject end as post_id,
    case
        when payload ->> 'error' is null then 'left_out'
        when payload ->> 'error' in ('AccountTakedown', 'AccountSuspended') then 'suspended'
        when payload ->> 'error' = 'AccountDeactivated' then 'deactivated'
        when (payload ->> 'is_not_found')::boolean then 'not_found'
        else 'other'
    end as reason_code,
from errors
qualify row_number() over (partition by event_id order by ledger_position) = 1
