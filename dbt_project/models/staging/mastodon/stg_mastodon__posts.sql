with

statuses as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        -- Only the subject names the server on which the ids hold: mastodon:<id>@<server>/<status id>.
        split_part(subject, '/', 1) as account_id,
        '@' || split_part(account_id, '@', 2) as at_server,
        from_json(payload, '{
            "id": "varchar", "created_at": "varchar", "in_reply_to_account_id": "varchar", "language": "varchar",
            "account": {"id": "varchar"}, "reblog": {"id": "varchar", "account": {"id": "varchar"}},
            "quote": {"state": "varchar"}, "reblogs_count": "bigint", "favourites_count": "bigint",
            "replies_count": "bigint", "quotes_count": "bigint", "application": {"name": "varchar"},
            "media_attachments": [{"type": "varchar"}], "card": {"domain": "varchar"},
            "mentions": [{"id": "varchar"}], "tags": [{"name": "varchar"}]
        }') as post,
    from {{ source('raw', 'post_snapshots') }}
    where dataschema = 'mastodon/status'
),

-- The platform shows a card of the first link only.
shown as (
    select
        *,
        list_transform(
            post.media_attachments,
            lambda medium: coalesce(map {'image': 'photo', 'gifv': 'animated_gif'}[medium.type], medium.type)
        ) as media,
        list_filter([post.card.domain], lambda domain: domain is not null) as domains,
    from statuses
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    'mastodon:' || post.id || at_server as post_id,
    account_id,
    post.created_at::timestamptz as posted_at,
    post.reblog is not null as is_repost,
    'mastodon:' || post.reblog.id || at_server as reposted_post_id,
    coalesce(post.reblog.account.id = post.account.id, false) as is_own_repost,
    'mastodon:' || post.in_reply_to_account_id || at_server as replied_to_account_id,
    post.quote is not null as is_quote,
    post.language as language_code,
    post.application.name as client_name,
    {{ kind('media', 'domains', 'true') }} as kind_code,
    {{ named('post.tags', 'tag.name', 'true') }} as hashtags,
    {{ named('post.mentions', "'mastodon:' || tag.id || at_server", 'true') }} as mentioned_account_ids,
    {{ named('domains', 'tag', 'true') }} as link_domains,
    post.reblogs_count as reposts_received_count,
    post.favourites_count as likes_received_count,
    post.replies_count as replies_received_count,
    post.quotes_count as quotes_received_count,
    null::bigint as views_received_count,
from shown
