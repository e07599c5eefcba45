{{ config(materialized='incremental', incremental_strategy='append') }}

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
            "replies_count": "bigint", "quotes_count": "bigint"
        }') as post,
    from {{ source('raw', 'post_snapshots') }}
    where
        dataschema = 'mastodon/status'
        {% if is_incremental() %}
            and ledger_position > (select coalesce(max(ledger_position), 0) from {{ this }})
            and event_id not in (select event_id from {{ this }})
        {% endif %}
    qualify row_number() over (partition by event_id order by ledger_position) = 1
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
    post.reblogs_count as reposts_received_count,
    post.favourites_count as likes_received_count,
    post.replies_count as replies_received_count,
    post.quotes_count as quotes_received_count,
    null::bigint as views_received_count,
from statuses
