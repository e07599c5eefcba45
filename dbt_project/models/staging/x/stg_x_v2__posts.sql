with

posts as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        from_json(payload, '{
            "id": "varchar", "author_id": "varchar", "created_at": "varchar", "in_reply_to_user_id": "varchar",
            "lang": "varchar", "source": "varchar", "attachments": {"media_keys": ["varchar"]},
            "entities": {"hashtags": [{"tag": "varchar"}], "mentions": [{"id": "varchar", "start": "integer"}],
            "urls": [{"domain": "varchar"}]},
            "referenced_tweets": [{"type": "varchar", "id": "varchar", "author_id": "varchar"}],
            "referenced_posts": [{"type": "varchar", "id": "varchar", "author_id": "varchar"}],
            "edit_history_tweet_ids": ["varchar"], "edit_history_post_ids": ["varchar"], "is_whole": "boolean",
            "public_metrics": {"retweet_count": "bigint", "repost_count": "bigint", "like_count": "bigint",
            "reply_count": "bigint", "quote_count": "bigint", "impression_count": "bigint"}
        }') as post,
    from {{ source('raw', 'post_snapshots') }}
    where dataschema = 'x/v2/post' or dataschema = 'x/v2/post/2'
),

-- The API said tweet and retweet until 2026, and says post and repost since.
worded as (
    select
        *,
        coalesce(post.referenced_tweets, post.referenced_posts, []) as referred,
        list_filter(referred, lambda item: item.type in ('retweeted', 'reposted'))[1] as reposted,
        coalesce(post.edit_history_tweet_ids, post.edit_history_post_ids) as versions,
        post.public_metrics as counts,
        -- The text of a repost begins with "RT @handle": the mention at position 3 is the original's author.
        list_filter(post.entities.mentions, lambda mention: mention.start = 3)[1].id as first_mentioned_id,
        -- The API leaves empty fields out. `lang` is never empty: if it is there, all fields were requested.
        coalesce(post.is_whole, post.lang is not null) as is_whole,
        -- The number at the beginning of a media key is the kind of medium.
        list_transform(
            post.attachments.media_keys,
            lambda key: map {'3_': 'photo', '7_': 'video', '13_': 'video', '16_': 'animated_gif'}[key]
        ) as media,
    from posts
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    'x:' || post.id as post_id,
    'x:' || post.author_id as account_id,
    post.created_at::timestamptz as posted_at,
    case when is_whole or referred != [] then reposted is not null end as is_repost,
    'x:' || reposted.id as reposted_post_id,
    reposted is not null
    and coalesce(coalesce(reposted.author_id, first_mentioned_id) = post.author_id, false) as is_own_repost,
    'x:' || post.in_reply_to_user_id as replied_to_account_id,
    case
        when post.in_reply_to_user_id is not null then true
        when len(list_filter(referred, lambda item: item.type = 'replied_to')) > 0 then true
        when is_whole then false
    end as is_reply,
    case
        when is_whole or referred != [] then len(list_filter(referred, lambda item: item.type = 'quoted')) > 0
    end as is_quote,
    post.lang as language_code,
    post.source as client_name,
    {{ kind('media', 'post.entities.urls', 'is_whole') }} as kind_code,
    {{ named('post.entities.hashtags', 'tag.tag', 'is_whole') }} as hashtags,
    {{ named('post.entities.mentions', "'x:' || tag.id", 'is_whole') }} as mentioned_account_ids,
    {{ named('post.entities.urls', 'tag.domain', 'is_whole') }} as link_domains,
    coalesce(counts.retweet_count, counts.repost_count) as reposts_received_count,
    counts.like_count as likes_received_count,
    counts.reply_count as replies_received_count,
    counts.quote_count as quotes_received_count,
    counts.impression_count as views_received_count,
    -- Each version of an edited post has an id of its own. Ids grow with time, so smaller ones are older versions.
    list_transform(
        list_filter(versions, lambda version: version::hugeint < post.id::hugeint), lambda version: 'x:' || version
    ) as older_post_ids,
from worded
