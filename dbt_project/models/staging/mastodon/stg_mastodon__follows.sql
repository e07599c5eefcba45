select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    subject as account_id,
    list_transform(
        payload ->> '$.follows[*].id', lambda native_id: 'mastodon:' || native_id
    ) as followed_account_ids,
    (payload ->> 'is_last')::boolean as is_last,
from {{ source('raw', 'follow_snapshots') }}
where dataschema = 'mastodon/following'
qualify row_number() over (partition by event_id order by ledger_position) = 1
