with

items as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        subject,
        from_json(payload, '{
            "post": {
                "uri": "varchar", "author": {"did": "varchar"},
                "likeCount": "bigint", "repostCount": "bigint", "replyCount": "bigint", "quoteCount": "bigint",
                "record": {
                    "createdAt": "varchar", "langs": ["varchar"], "reply": {"parent": {"uri": "varchar"}},
                    "tags": ["varchar"], "has_unread_tags": "boolean",
                    "facets": [{"features": [{"tag": "varchar", "did": "varchar", "domain": "varchar"}]}],
                    "embed": {
                        "$type": "varchar", "media": {"$type": "varchar"},
                        "record": {"uri": "varchar", "record": {"uri": "varchar"}}
                    }
                }
            },
            "reason": {"indexedAt": "varchar", "by": {"did": "varchar"}}
        }') as item,
    from {{ source('raw', 'post_snapshots') }}
    where dataschema = 'bluesky/feed-post' or dataschema = 'bluesky/feed-post/2'
),

-- The address of a record, at://DID/COLLECTION/KEY, names its author and its kind.
addressed as (
    select
        *,
        item.reason is not null as is_repost,
        item.post.record.reply.parent.uri as parent_uri,
        coalesce(item.post.record.embed.record.uri, item.post.record.embed.record.record.uri) as embedded_uri,
        split_part(item.post.record.embed."$type", '.', 4) as embedded_kind,
        case coalesce(split_part(item.post.record.embed.media."$type", '.', 4), embedded_kind)
            when 'images' then ['photo']
            when 'video' then ['video']
        end as media,
        flatten(list_transform(item.post.record.facets, lambda facet: facet.features)) as features,
        -- The post inside a repost is the original: its tags, links and media are not the repost's own.
        not is_repost as is_whole,
    from items
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    subject as post_id,
    split_part(subject, '/', 1) as account_id,
    coalesce(item.reason.indexedAt, item.post.record.createdAt)::timestamptz as posted_at,
    is_repost,
    case
        when is_repost then 'bluesky:' || item.post.author.did || '/' || split_part(item.post.uri, '/', 5)
    end as reposted_post_id,
    is_repost and item.post.author.did = item.reason.by.did as is_own_repost,
    case
        when starts_with(parent_uri, 'at://did:') then 'bluesky:' || split_part(parent_uri, '/', 3)
    end as replied_to_account_id,
    parent_uri is not null as is_reply,
    coalesce(split_part(embedded_uri, '/', 4) = 'app.bsky.feed.post', false) as is_quote,
    item.post.record.langs[1] as language_code,
    null::varchar as client_name,
    case
        when item.post.record.has_unread_tags is null
            then list_concat(
                {{ named('item.post.record.tags', 'tag', 'is_whole') }},
                {{ named('list_filter(features, lambda feature: feature.tag is not null)', 'tag.tag', 'is_whole') }}
            )
    end as hashtags,
    {{ named('list_filter(features, lambda feature: feature.did is not null)', "'bluesky:' || tag.did", 'is_whole') }}
        as mentioned_account_ids,
    {{ named('list_filter(features, lambda feature: feature.domain is not null)', 'tag.domain', 'is_whole') }}
        as link_domains,
    {{ kind('media', 'link_domains', 'is_whole', "embedded_kind = 'external'") }} as kind_code,
    item.post.repostCount as reposts_received_count,
    item.post.likeCount as likes_received_count,
    item.post.replyCount as replies_received_count,
    item.post.quoteCount as quotes_received_count,
    null::bigint as views_received_count,
    null::varchar[] as older_post_ids,
from addressed
