with

profiles as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        from_json(payload, '{
            "did": "varchar", "handle": "varchar", "createdAt": "varchar", "followersCount": "bigint",
            "followsCount": "bigint", "postsCount": "bigint",
            "verification": {"verifiedStatus": "varchar", "trustedVerifierStatus": "varchar"}
        }') as profile,
    from {{ source('raw', 'account_snapshots') }}
    where dataschema = 'bluesky/profile'
    qualify row_number() over (partition by event_id order by ledger_position) = 1
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    'bluesky:' || profile.did as account_id,
    -- The platform shows handle.invalid if the handle's domain does not lead back to the account.
    nullif(profile.handle, 'handle.invalid') as handle,
    profile.createdAt::timestamptz as account_created_at,
    'followers' as audience_code,
    profile.followersCount as audience_count,
    'exact' as rounding_code,
    profile.followsCount as following_count,
    null::bigint as listed_count,
    profile.postsCount as lifetime_posts_count,
    -- The platform leaves `verification` out if nobody has verified the account.
    coalesce('valid' in (profile.verification.verifiedStatus, profile.verification.trustedVerifierStatus), false)
        as is_verified,
    false as is_protected,
from profiles
