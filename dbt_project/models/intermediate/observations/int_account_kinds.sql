with

posts as ({{ posts_once() }})

select
    year,
    account_id,
    kind_code,
    count(*) as posts_count,
    {{ sum_if_known('reposts_received_count', 'true') }} as reposts_received_count,
    {{ sum_if_known('likes_received_count', 'true') }} as likes_received_count,
    {{ sum_if_known('views_received_count', 'true') }} as views_received_count,
    max(engagement_observed_at) as engagement_observed_at,
    string_agg(distinct source_id, ' ' order by source_id) as source_id,
from posts
where is_original and kind_code is not null
group by year, account_id, kind_code
