with

pages as (
    {{ union_models([
    'stg_x_v2__follows',
    'stg_bluesky__follows',
    'stg_mastodon__follows',
]) }}
),

-- A list is walked page by page within one run; the year's last walk counts.
last_walk as (
    select *
    from pages
    where
        observed_at >= {{ window_start_date() }}
        and observed_at < {{ window_close_date() }}
    qualify dense_rank() over (partition by account_id order by ledger_position desc) = 1
),

walks as (
    select
        account_id,
        bool_or(is_last) as is_whole,
        max(observed_at) as observed_at,
        any_value(source_id) as source_id,
        list_distinct(flatten(list(followed_account_ids))) as followed_account_ids,
    from last_walk
    group by account_id
)

select
    account_id,
    is_whole,
    observed_at,
    source_id,
    followed_account_ids,
from walks
