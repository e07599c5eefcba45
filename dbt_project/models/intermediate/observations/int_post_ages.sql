{{ config(materialized='view') }}

with

posts as not materialized (
    select * from {{ ref('int_posts') }} where is_in_office and is_original
),

-- A living post is collected again within the day after it reaches each age; other observations measure no age. The age
-- is computed before the join with the posts, because few observations have one, and the join is smaller then.
observations as (
    select
        *,
        (epoch_us(observed_at) - epoch_us(posted_at)) // 86400000000 as days_count,
    from {{ ref('int_post_observations') }}
    where days_count in (1, 7, 30)
),

measured as (
    select
        posts.year,
        posts.tenure_id,
        posts.post_id,
        observations.days_count,
        observations.observed_at,
        observations.source_id,
        observations.reposts_received_count,
        observations.likes_received_count,
        observations.replies_received_count,
        observations.quotes_received_count,
        observations.views_received_count,
    from posts
    inner join observations on posts.post_id = observations.post_id
    qualify
        row_number() over (
            partition by posts.tenure_id, posts.post_id, observations.days_count
            order by observations.observed_at, observations.ledger_position, observations.event_id
        ) = 1
)

select
    * exclude (days_count),
    'day_' || days_count as age_code,
from measured
union all by name
select
    year,
    tenure_id,
    post_id,
    'at_cut' as age_code,
    engagement_observed_at as observed_at,
    source_id,
    reposts_received_count,
    likes_received_count,
    replies_received_count,
    quotes_received_count,
    views_received_count,
from posts
