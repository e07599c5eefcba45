with

posts as (
    select distinct
        sessions.year,
        sessions.session_id,
        sessions.platform_code,
        sessions.account_id,
        posts.post_id,
        posts.is_reply_to_other,
        case when posts.is_reply_to_other then posts.replied_to_account_id end as answered_account_id,
    from {{ ref('int_session_tenures') }} as sessions
    inner join {{ ref('int_posts') }} as posts
        on
            sessions.year = posts.year
            and sessions.account_id = posts.account_id
            and sessions.holder_id = posts.holder_id
            and posts.posted_at >= sessions.start_at
            and posts.posted_at < sessions.end_at
    where posts.is_in_office
)

select
    year,
    session_id,
    platform_code,
    account_id,
    answered_account_id,
    count(*) as posts_count,
    count_if(is_reply_to_other) as answers_count,
from posts
group by year, session_id, platform_code, account_id, answered_account_id
