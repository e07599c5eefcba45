with

posts as (
    select * from {{ ref('int_posts') }}
),

tenures as (
    select * from {{ ref('int_tenures') }}
),

-- A post in two offices, or by two holders, is one post.
shown as (
    select
        posts.post_id,
        posts.posted_at,
        posts.reposts_received_count,
        posts.engagement_observed_at,
        posts.source_id,
        tenures.platform_code,
        tenures.holder_name || ' (@' || tenures.handle || ')' as subject_name,
    from posts
    inner join tenures on posts.tenure_id = tenures.tenure_id
    where posts.is_original and posts.unavailable_at is null and posts.reposts_received_count is not null
    qualify row_number() over (partition by posts.post_id order by posts.tenure_id) = 1
)

select
    platform_code,
    post_id as subject,
    subject_name,
    'E06' as metric_id,
    reposts_received_count::decimal(38, 9) as value,
    1 as n,
    engagement_observed_at::date as as_of,
    source_id,
from shown
-- Of equals at the end of the list the earliest stays, as the top post of an account.
qualify
    row_number() over (
        partition by platform_code
        order by reposts_received_count desc, posted_at asc, post_id asc
    ) <= 100
