with

posts as (
    select * from {{ ref('int_posts') }} where is_in_office
),

counts as (
    select
        tenure_id,
        count(*) as posts_count,
        count_if(is_original) as original_posts_count,
        count_if(is_repost) as reposts_made_count,
        case when count(is_reply_to_other) = count(*) then count_if(is_reply_to_other) end as replies_to_others_count,
        {{ sum_if_known('reposts_received_count', 'is_original') }} as reposts_received_count,
        {{ sum_if_known('likes_received_count', 'is_original') }} as likes_received_count,
        count(unavailable_at) as unavailable_posts_count,
        max(engagement_observed_at) as engagement_observed_at,
    from posts
    group by tenure_id
),

top_posts as (
    select
        tenure_id,
        post_id,
        reposts_received_count,
    from posts
    where is_original and unavailable_at is null and reposts_received_count is not null
    qualify
        row_number() over (
            partition by tenure_id
            order by reposts_received_count desc, posted_at asc, post_id asc
        ) = 1
)

select
    counts.tenure_id,
    counts.posts_count,
    counts.original_posts_count,
    counts.reposts_made_count,
    counts.replies_to_others_count,
    counts.reposts_received_count,
    counts.likes_received_count,
    counts.unavailable_posts_count,
    top_posts.post_id as top_post_id,
    top_posts.reposts_received_count as top_post_reposts_count,
    counts.engagement_observed_at,
from counts
left join top_posts on counts.tenure_id = top_posts.tenure_id
