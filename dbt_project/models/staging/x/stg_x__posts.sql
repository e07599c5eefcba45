with

tweets as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        from_json(payload, '{
            "id_str": "varchar", "created_at": "varchar", "user": {"id_str": "varchar", "screen_name": "varchar"},
            "retweet_count": "bigint", "reply_count": "bigint", "favorite_count": "bigint", "truncated": "boolean",
            "in_reply_to_user_id_str": "varchar", "in_reply_to_status_id_str": "varchar", "is_quote_status": "boolean",
            "lang": "varchar", "source": "varchar",
            "retweeted_status": {"id_str": "varchar", "user": {"id_str": "varchar", "screen_name": "varchar"}},
            "entities": {"hashtags": [{"text": "varchar"}], "user_mentions": [{"id_str": "varchar"}],
            "urls": [{"domain": "varchar"}]}, "extended_entities": {"media": [{"type": "varchar"}]},
            "extended_tweet": {
                "entities": {"hashtags": [{"text": "varchar"}], "user_mentions": [{"id_str": "varchar"}],
                "urls": [{"domain": "varchar"}]}, "extended_entities": {"media": [{"type": "varchar"}]}
            }
        }') as post,
    from {{ source('raw', 'post_snapshots') }}
    where dataschema = 'x/v1.1/tweet' or dataschema = 'x/v1.1/tweet/2'
),

-- A tweet is complete if it says that it is not truncated, or if extended_tweet has the facts of all of it. A truncated
-- tweet without extended_tweet has one link, the platform's own to the rest (https://twitter.com/i/web/status/<id>), so
-- what the tweet links to or shows is unknown.
marked as (
    select
        *,
        post.extended_tweet is not null as is_extended,
        coalesce(is_extended or not post.truncated, false) as is_whole,
        case when is_extended then post.extended_tweet.entities else post.entities end as entities,
        list_transform(
            case
                when is_extended then post.extended_tweet.extended_entities.media else post.extended_entities.media
            end,
            lambda medium: medium.type
        ) as media,
    from tweets
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    'x:' || post.id_str as post_id,
    'x:' || post."user".id_str as account_id,
    strptime(post.created_at, '%a %b %d %H:%M:%S %z %Y') as posted_at,
    post.retweeted_status is not null as is_repost,
    'x:' || post.retweeted_status.id_str as reposted_post_id,
    coalesce(
        post.retweeted_status."user".id_str = post."user".id_str,
        lower(post.retweeted_status."user".screen_name) = lower(post."user".screen_name),
        false
    ) as is_own_repost,
    'x:' || post.in_reply_to_user_id_str as replied_to_account_id,
    -- The platform leaves empty fields out. `truncated` is never empty: if it is there, a tweet without these ids is no
    -- reply.
    case
        when coalesce(post.in_reply_to_user_id_str, post.in_reply_to_status_id_str) is not null then true
        when post.truncated is not null then false
    end as is_reply,
    post.is_quote_status as is_quote,
    post.lang as language_code,
    post.source as client_name,
    {{ kind('media', 'entities.urls', 'is_whole') }} as kind_code,
    {{ named('entities.hashtags', 'tag.text', 'is_whole') }} as hashtags,
    {{ named('entities.user_mentions', "'x:' || tag.id_str", 'is_whole') }} as mentioned_account_ids,
    {{ named('entities.urls', 'tag.domain', 'is_whole') }} as link_domains,
    post.retweet_count as reposts_received_count,
    post.favorite_count as likes_received_count,
    post.reply_count as replies_received_count,
    null::bigint as quotes_received_count,
    null::bigint as views_received_count,
    null::varchar[] as older_post_ids,
from marked
