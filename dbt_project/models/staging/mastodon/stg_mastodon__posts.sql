{#- Fields that may be empty (none) or absent (unknown). Events of the first shape left empty fields out. There a field
    that is absent is empty if the status has `sensitive`, as a complete status always does, and else unknown. -#}
{%- set fields = ['reblog', 'in_reply_to_id', 'quote', 'media_attachments', 'mentions', 'tags', 'card'] -%}

with

statuses as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        -- Ids are valid on one server only, and only the subject names it: mastodon:<id>@<server>/<status id>.
        split_part(subject, '/', 1) as account_id,
        '@' || split_part(account_id, '@', 2) as at_server,
        from_json(payload, '{
            "id": "varchar", "created_at": "varchar", "in_reply_to_account_id": "varchar", "in_reply_to_id": "varchar",
            "language": "varchar", "account": {"id": "varchar"}, "reblog": {"id": "varchar", "account": {"id": "varchar"}},
            "quote": {"state": "varchar"}, "reblogs_count": "bigint", "favourites_count": "bigint",
            "replies_count": "bigint", "quotes_count": "bigint", "application": {"name": "varchar"},
            "media_attachments": [{"type": "varchar"}], "card": {"domain": "varchar"},
            "mentions": [{"id": "varchar"}], "tags": [{"name": "varchar"}], "sensitive": "boolean"
        }') as post,
        dataschema = 'mastodon/status' as is_first_shape,
        payload,
    from {{ source('raw', 'post_snapshots') }}
    where dataschema = 'mastodon/status' or dataschema = 'mastodon/status/2'
),

-- The only link that a status names is that of its card: the first one.
shown as (
    select
        *,
        {% for field in fields -%}
            case when is_first_shape then post.sensitive is not null else json_exists(payload, '$.{{ field }}') end
                as has_{{ field }},
        {% endfor -%}
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
    case when has_reblog then post.reblog is not null end as is_repost,
    'mastodon:' || post.reblog.id || at_server as reposted_post_id,
    coalesce(post.reblog.account.id = post.account.id, false) as is_own_repost,
    'mastodon:' || post.in_reply_to_account_id || at_server as replied_to_account_id,
    case when has_in_reply_to_id then post.in_reply_to_id is not null end as is_reply,
    case when has_quote then post.quote is not null end as is_quote,
    post.language as language_code,
    post.application.name as client_name,
    {{ kind('media', 'domains', 'has_media_attachments and (has_card or len(media) > 0)') }} as kind_code,
    {{ named('post.tags', 'tag.name', 'has_tags') }} as hashtags,
    {{ named('post.mentions', "'mastodon:' || tag.id || at_server", 'has_mentions') }} as mentioned_account_ids,
    {{ named('domains', 'tag', 'has_card') }} as link_domains,
    post.reblogs_count as reposts_received_count,
    post.favourites_count as likes_received_count,
    post.replies_count as replies_received_count,
    post.quotes_count as quotes_received_count,
    null::bigint as views_received_count,
    null::varchar[] as older_post_ids,
from shown
