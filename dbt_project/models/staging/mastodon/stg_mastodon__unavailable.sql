with

errors as (
    select * from {{ source('raw', 'account_snapshots') }} where dataschema = 'mastodon/error'
    union all by name
    select * from {{ source('raw', 'post_snapshots') }} where dataschema = 'mastodon/error'
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    split_part(subject, '/', 1) as account_id,
    case
        when event_type = 'post.unavailable'
            then 'mastodon:' || split_part(subject, '/', 2) || '@' || split_part(account_id, '@', 2)
    end as post_id,
    case
        when (payload ->> 'suspended')::boolean then 'suspended'
        when (payload ->> 'status')::integer = 410 then 'deleted'
        else 'not_found'
    end as reason_code,
from errors
qualify row_number() over (partition by event_id order by ledger_position) = 1
