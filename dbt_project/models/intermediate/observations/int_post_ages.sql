{{ config(materialized='view') }}

with

posts as (
    select * from {{ ref('int_posts') }} where is_in_office and is_original
),

observations as (
    select * from {{ ref('int_post_observations') }}
),

-- Collecting measures a post again within the day that follows each age; what was seen between those days is of no age.
measured as (
    select
        posts.year,
        posts.tenure_id,
        posts.post_id,
        (epoch_us(observations.observed_at) - epoch_us(posts.posted_at)) // 86400000000 as days_count,
        observations.observed_at,
        observations.source_id,
        observations.reposts_received_count,
        observations.likes_received_count,
        observations.replies_received_count,
        observations.quotes_received_count,
        observations.views_received_count,
    from posts
    inner join observations on posts.post_id = observations.post_id
    where days_count in (1, 7, 30)
    qualify
        row_number() over (
            partition by posts.tenure_id, posts.post_id, days_count
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
