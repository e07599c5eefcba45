select
    year,
    account_id,
    count_if(mentioned_account_ids is not null or replied_to_account_id is not null) as telling_posts_count,
    count(mentioned_account_ids) = count(*) as is_whole,
    max(engagement_observed_at) as observed_at,
    string_agg(distinct source_id, ' ' order by source_id) as source_id,
from {{ ref('int_posts') }}
where is_in_office and is_original
group by year, account_id
