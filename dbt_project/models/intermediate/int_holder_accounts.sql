with

accounts as (
    select * from {{ ref('accounts_yearly') }}
)

-- A stock seen in two terms of the year counts once, the later one. A term that nobody collected is missing days.
select
    account_id,
    holder_id,
    platform_code,
    country_code,
    count(posts_count) > 0 as has_posts,
    count(*) filter (posts_count is not null and replies_to_others_count is null) = 0 as has_replies,
    case when has_posts then bool_or(coalesce(is_partial, true)) end as is_partial,
    last(audience_code order by audience_at) filter (audience_class_code = 'observed') as audience_code,
    last(audience_count order by audience_at) filter (audience_class_code = 'observed') as audience_count,
    max(audience_at) filter (audience_class_code = 'observed') as audience_at,
from accounts
group by account_id, holder_id, platform_code, country_code
