with

users as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        from_json(payload, '{
            "id": "varchar", "username": "varchar", "created_at": "varchar", "verified": "boolean",
            "protected": "boolean", "public_metrics": {"followers_count": "bigint", "following_count": "bigint",
            "listed_count": "bigint", "tweet_count": "bigint", "post_count": "bigint"}
        }') as account,
    from {{ source('raw', 'account_snapshots') }}
    where dataschema = 'x/v2/user'
    qualify row_number() over (partition by event_id order by ledger_position) = 1
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    'x:' || account.id as account_id,
    account.username as handle,
    account.created_at::timestamptz as account_created_at,
    'followers' as audience_code,
    account.public_metrics.followers_count as audience_count,
    'exact' as rounding_code,
    account.public_metrics.following_count,
    account.public_metrics.listed_count,
    coalesce(account.public_metrics.tweet_count, account.public_metrics.post_count) as lifetime_posts_count,
    account.verified as is_verified,
    account.protected as is_protected,
from users
