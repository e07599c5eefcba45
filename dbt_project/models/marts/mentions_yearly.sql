select
    year,
    split_part(account_id, ':', 1) as platform_code,
    account_id,
    mentioned_account_id,
    mentioning_posts_count::bigint as mentioning_posts_count,
    replies_count::bigint as replies_count,
    observed_at::date as as_of,
    source_id,
from {{ ref('int_mentions') }}
