with

channels as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        subject as account_id,
        from_json(payload, '{
            "snippet": {"customUrl": "varchar", "publishedAt": "varchar"},
            "statistics": {"subscriberCount": "bigint", "videoCount": "bigint"}
        }') as channel,
    from {{ source('raw', 'account_snapshots') }}
    where dataschema = 'youtube/channel'
    qualify row_number() over (partition by event_id order by ledger_position) = 1
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    account_id,
    ltrim(channel.snippet.customUrl, '@') as handle,
    channel.snippet.publishedAt::timestamptz as account_created_at,
    'subscribers' as audience_code,
    channel.statistics.subscriberCount as audience_count,
    'rounded' as rounding_code,
    null::bigint as following_count,
    null::bigint as listed_count,
    channel.statistics.videoCount as lifetime_posts_count,
    null::boolean as is_verified,
    null::boolean as is_protected,
from channels
