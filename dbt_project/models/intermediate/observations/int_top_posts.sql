with

posts as not materialized (
    select *
    from ({{ posts_once() }})
    where is_original and unavailable_at is null and reposts_received_count is not null
),

-- The reposts of an account's hundredth post. Posts with fewer are left out first, so that few are put in order.
least as (
    select
        year,
        account_id,
        list_min(max(reposts_received_count, 100)) as reposts_received_count,
    from posts
    group by year, account_id
)

select
    posts.year,
    posts.account_id,
    posts.post_id,
    posts.tenure_id,
    posts.posted_at,
    posts.reposts_received_count,
    posts.engagement_observed_at,
    posts.source_id,
from posts
inner join least
    on
        posts.year = least.year
        and posts.account_id = least.account_id
        and posts.reposts_received_count >= least.reposts_received_count
qualify
    row_number() over (
        partition by posts.year, posts.account_id
        order by posts.reposts_received_count desc, posts.posted_at asc, posts.post_id asc
    ) <= 100
