with

accounts as (
    select * from {{ ref('int_ranked_accounts') }}
),

account_groups as (
    select * from {{ ref('int_ranked_groups') }}
),

sums as (
    select * from {{ ref('int_ranked_sums') }}
),

posts as (
    select * from {{ ref('int_ranked_posts') }}
),

figures as (
    select
        'account' as grain_code,
        * exclude (tenure_id, account_id, holder_id),
    from accounts
    union all by name
    select
        'account_group' as grain_code,
        *,
    from account_groups
    union all by name
    select * from sums
    union all by name
    select
        'post' as grain_code,
        *,
    from posts
)

select
    platform_code,
    grain_code,
    metric_id,
    subject,
    subject_name,
    value,
    n::bigint as n,
    as_of,
    source_id,
from figures
