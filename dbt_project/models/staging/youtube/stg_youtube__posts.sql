with

videos as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        split_part(subject, '/', 1) as account_id,
        from_json(payload, '{
            "id": "varchar", "snippet": {"publishedAt": "varchar", "defaultAudioLanguage": "varchar",
            "defaultLanguage": "varchar", "liveBroadcastContent": "varchar"}, "statistics": {"viewCount": "bigint", "likeCount": "bigint",
            "commentCount": "bigint"}
        }') as video,
    from {{ source('raw', 'post_snapshots') }}
    where dataschema = 'youtube/video'
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    'youtube:' || video.id as post_id,
    account_id,
    video.snippet.publishedAt::timestamptz as posted_at,
    false as is_repost,
    null::varchar as reposted_post_id,
    false as is_own_repost,
    null::varchar as replied_to_account_id,
    -- A channel answers others in comments, which are not collected.
    null::boolean as is_reply,
    false as is_quote,
    coalesce(video.snippet.defaultAudioLanguage, video.snippet.defaultLanguage) as language_code,
    null::varchar as client_name,
    case when video.snippet.liveBroadcastContent in ('live', 'upcoming') then 'live' else 'video' end as kind_code,
    -- Hashtags, mentions and links would be in the description, which is not kept.
    null::varchar[] as hashtags,
    null::varchar[] as mentioned_account_ids,
    null::varchar[] as link_domains,
    null::bigint as reposts_received_count,
    video.statistics.likeCount as likes_received_count,
    video.statistics.commentCount as replies_received_count,
    null::bigint as quotes_received_count,
    video.statistics.viewCount as views_received_count,
    null::varchar[] as older_post_ids,
from videos
