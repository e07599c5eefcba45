select
    account_id,
    source_id,
    observed_at::date as observed_date,
    max(lifetime_posts_count) as lifetime_posts_count,
    min(account_created_at) as account_created_at,
from {{ ref('int_profiles') }}
group by account_id, source_id, observed_at::date
