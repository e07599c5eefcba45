with

accounts as (
    select
        *,
        split_part(account_id, ':', 1) as platform_code,
    from {{ ref('accounts_yearly') }}
),

-- A post by the holder of two offices is one post.
posts as (
    select
        split_part(post_id, ':', 1) as platform_code,
        count(distinct post_id) as posts_count,
    from {{ ref('posts_yearly') }}
    where is_in_office
    group by all
),

-- n counts the terms on accounts whose posts were collected.
sums as (
    select
        platform_code,
        string_agg(distinct source_id, ' ' order by source_id) as source_id,
        max(engagement_observed_at)::date as observed_date,
        count(posts_count) as n,
        count(distinct account_id) filter (posts_count is not null) as accounts_count,
        count_if(posts_count > 0 and replies_to_others_count = 0) as silent_count,
        sum(posts_per_day) as posts_per_day_sum,
    from accounts
    group by platform_code
),

figures as (
    select
        sums.*,
        unnest([
            {'metric_id': 'C01', 'value': sums.accounts_count::decimal(38, 9)},
            {'metric_id': 'T03', 'value': sums.posts_per_day_sum},
            {'metric_id': 'T05', 'value': coalesce(posts.posts_count, 0)::decimal(38, 9)},
            {'metric_id': 'V02', 'value': sums.silent_count::decimal(38, 9)}
        ]) as figure,
    from sums
    left join posts on sums.platform_code = posts.platform_code
)

select
    platform_code,
    source_id,
    figure.metric_id,
    'in_office' as scope,
    case
        when n = 0 then null
        when figure.metric_id = 'T03' then {{ ratio('(figure.value * 1000000000)', 'n::hugeint * 1000000000') }}
        else figure.value
    end as value,
    n,
    case when figure.metric_id = 'T03' and n > 0 then n end as denominator,
    case when n > 0 then observed_date end as as_of,
from figures
