-- Distinct, because the head of two missions in one place has a tenure for each.
select
    tenures.year,
    tenures.site_number,
    tenures.account_id,
    count(distinct posts.post_id) as posts_count,
from {{ ref('int_mission_tenures') }} as tenures
inner join {{ ref('int_posts') }} as posts
    on
        tenures.year = posts.year
        and tenures.tenure_id = posts.tenure_id
        and posts.posted_at >= tenures.start_at
        and posts.posted_at < tenures.end_at
group by tenures.year, tenures.site_number, tenures.account_id
