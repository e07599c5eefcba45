with

campaigns as (
    select * from {{ ref('int_campaign_tenures') }}
),

-- A post counts once, even if it has several hashtags of the campaign or several tenures.
posted as (
    select distinct
        campaigns.year,
        campaigns.campaign_id,
        posts.account_id,
        posts.post_id,
        posts.posted_date,
        posts.hashtags is not null as is_known,
        coalesce(list_has_any(posts.hashtags, campaigns.hashtags), false) as is_part,
        posts.reposts_received_count,
        posts.likes_received_count,
    from campaigns
    inner join {{ ref('int_content_posts') }} as posts
        on
            campaigns.year = posts.year
            and campaigns.account_id = posts.account_id
            and posts.posted_date between campaigns.first_date and campaigns.last_date
)

select
    year,
    campaign_id,
    account_id,
    count(*) as original_posts_count,
    count_if(is_known) as known_posts_count,
    case when count_if(is_known) > 0 then count_if(is_part) end as campaign_posts_count,
    min(posted_date) filter (is_part) as first_posted_date,
    max(posted_date) filter (is_part) as last_posted_date,
    {{ sum_if_known('reposts_received_count', 'is_part') }} as reposts_received_count,
    {{ sum_if_known('likes_received_count', 'is_part') }} as likes_received_count,
from posted
group by year, campaign_id, account_id
