with

posts as (
    select * from {{ ref('int_posts') }} where is_in_office
),

counts as (
    select
        year,
        tenure_id,
        count(*) as posts_count,
        {{ count_if_known('is_original') }} as original_posts_count,
        {{ count_if_known('is_repost') }} as reposts_made_count,
        {{ count_if_known('is_reply_to_other') }} as replies_to_others_count,
        {{ sum_if_known('reposts_received_count', 'is_original') }} as reposts_received_count,
        {{ sum_if_known('likes_received_count', 'is_original') }} as likes_received_count,
        count(unavailable_at) as unavailable_posts_count,
        max(reposts_received_count) filter (is_original and unavailable_at is null) as top_post_reposts_count,
        max(engagement_observed_at) as engagement_observed_at,
    from posts
    group by year, tenure_id
),

-- Of several posts with the most reposts, the earliest is the top post.
top_posts as (
    select
        posts.year,
        posts.tenure_id,
        first(posts.post_id order by posts.posted_at, posts.post_id) as top_post_id,
    from posts
    inner join counts
        on
            posts.year = counts.year
            and posts.tenure_id = counts.tenure_id
            and posts.reposts_received_count = counts.top_post_reposts_count
    where posts.is_original and posts.unavailable_at is null
    group by posts.year, posts.tenure_id
),

days as (
    select
        account_id,
        observed_at,
        ledger_position,
        unnest(days) as counted,
    from {{ ref('stg_x_v2__volumes') }}
    where {{ counts() }}
),

-- The first and the last day of a page may be parts of days, which say too little. Complete days count as last seen.
whole_days as (
    select
        account_id,
        counted."start" as start_at,
        counted."end" as end_at,
        counted."count" as posts_count,
    from days
    where counted."end" - counted."start" = interval 1 day
    qualify row_number() over (
        partition by account_id, counted."start" order by observed_at desc, ledger_position desc
    ) = 1
),

volumes as (
    select
        tenures.year,
        tenures.tenure_id,
        count(*) as counted_days_count,
        sum(whole_days.posts_count) as counted_posts_count,
    from {{ ref('int_tenures') }} as tenures
    inner join whole_days
        on
            tenures.account_id = whole_days.account_id
            and whole_days.start_at >= tenures.tenure_start_at
            and whole_days.end_at <= tenures.tenure_end_at
    group by tenures.year, tenures.tenure_id
)

select
    year,
    tenure_id,
    counts.posts_count,
    counts.original_posts_count,
    counts.reposts_made_count,
    counts.replies_to_others_count,
    counts.reposts_received_count,
    counts.likes_received_count,
    counts.unavailable_posts_count,
    top_posts.top_post_id,
    counts.top_post_reposts_count,
    counts.engagement_observed_at,
    volumes.counted_posts_count,
    volumes.counted_days_count,
from counts
left join top_posts using (year, tenure_id)
full join volumes using (year, tenure_id)
