{{ config(materialized='incremental', incremental_strategy='append') }}

with

tweets as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        from_json(payload, '{
            "id_str": "varchar", "created_at": "varchar", "user": {"id_str": "varchar", "screen_name": "varchar"},
            "retweet_count": "bigint", "reply_count": "bigint", "favorite_count": "bigint", "in_reply_to_user_id_str": "varchar", "is_quote_status": "boolean",
            "retweeted_status": {"id_str": "varchar", "user": {"id_str": "varchar", "screen_name": "varchar"}},
            "lang": "varchar"
        }') as post,
    from {{ source('raw', 'post_snapshots') }}
    where
        dataschema = 'x/v1.1/tweet'
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
    post.is_quote_status as is_quote,
    post.lang as language_code,
    post.retweet_count as reposts_received_count,
    post.favorite_count as likes_received_count,
    post.reply_count as replies_received_count,
    null::bigint as quotes_received_count,
    null::bigint as views_received_count,
from tweets
