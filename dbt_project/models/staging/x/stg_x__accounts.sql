with

users as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        from_json(payload, '{
            "id_str": "varchar", "screen_name": "varchar", "created_at": "varchar", "followers_count": "bigint",
            "friends_count": "bigint", "listed_count": "bigint", "statuses_count": "bigint", "verified": "boolean",
            "protected": "boolean"
        }') as account,
    from {{ source('raw', 'account_snapshots') }}
    where dataschema = 'x/v1.1/user'
    qualify row_number() over (partition by event_id order by ledger_position) = 1
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    'x:' || account.id_str as account_id,
    account.screen_name as handle,
    strptime(account.created_at, '%a %b %d %H:%M:%S %z %Y') as account_created_at,
    'followers' as audience_code,
    account.followers_count as audience_count,
    'exact' as rounding_code,
    account.friends_count as following_count,
    account.listed_count,
    account.statuses_count as lifetime_posts_count,
    account.verified as is_verified,
    account.protected as is_protected,
from users
