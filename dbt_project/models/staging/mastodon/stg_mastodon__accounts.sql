with

accounts as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        subject as account_id,
        from_json(payload, '{
            "username": "varchar", "created_at": "varchar", "followers_count": "bigint", "following_count": "bigint",
            "statuses_count": "bigint"
        }') as account,
    from {{ source('raw', 'account_snapshots') }}
    where dataschema = 'mastodon/account'
    qualify row_number() over (partition by event_id order by ledger_position) = 1
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    account_id,
    account.username as handle,
    account.created_at::timestamptz as account_created_at,
    'followers' as audience_code,
    account.followers_count as audience_count,
    'exact' as rounding_code,
    account.following_count,
    null::bigint as listed_count,
    account.statuses_count as lifetime_posts_count,
    null::boolean as is_verified,
    null::boolean as is_protected,
from accounts
