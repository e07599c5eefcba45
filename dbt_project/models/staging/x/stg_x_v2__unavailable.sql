with

errors as (
    select * from {{ source('raw', 'account_snapshots') }} where dataschema = 'x/v2/error'
    union all by name
    select * from {{ source('raw', 'post_snapshots') }} where dataschema = 'x/v2/error'
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    -- An error in an archive does not name the post's author: its subject is x:/<post id>.
    nullif(split_part(subject, '/', 1), 'x:') as account_id,
    case when event_type = 'post.unavailable' then 'x:' || split_part(subject, '/', 2) end as post_id,
    case
        when (payload ->> 'is_suspended')::boolean then 'suspended'
        when payload ->> 'type' = 'resource-not-found' then 'not_found'
        when payload ->> 'type' = 'not-authorized-for-resource' then 'protected'
        when payload ->> 'type' = 'disallowed-resource' then 'withheld'
        else 'left_out'
    end as reason_code,
from errors
qualify row_number() over (partition by event_id order by ledger_position) = 1
