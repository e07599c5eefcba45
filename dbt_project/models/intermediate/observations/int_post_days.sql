select
    account_id,
    posted_at::date as posted_date,
    min(source_id) as source_id,
from {{ ref('int_post_observations') }}
group by account_id, posted_date
