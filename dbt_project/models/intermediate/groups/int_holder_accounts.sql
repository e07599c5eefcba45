-- A tenure that nobody collected makes the account partial. Of audiences counted in two tenures, the later one counts.
select
    year,
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
    string_agg(distinct audience_source_id, ' ' order by audience_source_id)
    filter (audience_class_code = 'observed') as audience_source_id,
    last(audience_unranked_reason order by audience_at) filter (audience_class_code = 'observed')
        as audience_unranked_reason,
    max(engagement_observed_at) as engagement_observed_at,
    string_agg(distinct source_id, ' ' order by source_id) as source_id,
from {{ ref('int_tenure_figures') }}
group by year, account_id, holder_id, platform_code, country_code
