with

subjects as (
    select * from {{ ref('int_figure_subjects') }}
),

figures as (
    select
        year,
        platform_code,
        grain_code,
        subject,
        subject_name,
        engagement_observed_at as as_of,
        source_id,
        is_partial,
        original_posts_count as n,
        unnest([
            {'metric_id': 'E01', 'value': reposts_per_original_post},
            {'metric_id': 'E02', 'value': interactions_count::decimal(38, 9)},
            {'metric_id': 'E03', 'value': {{ ratio('interactions_count', 'original_posts_count') }}},
            {'metric_id': 'E05', 'value': likes_per_original_post}
        ], recursive := true),
    from subjects
    where posts_count is not null
),

-- The hundred most reposted posts of each platform. Of equals at the last place the earliest stays, as in top_post_id.
posts as (
    select
        year,
        accounts.platform_code,
        posts.post_id as subject,
        accounts.holder_name || ' (@' || accounts.handle || ')' as subject_name,
        posts.reposts_received_count::decimal(38, 9) as value,
        posts.engagement_observed_at as as_of,
        posts.source_id,
    from {{ ref('int_top_posts') }} as posts
    inner join {{ ref('int_tenure_figures') }} as accounts using (year, tenure_id)
    qualify
        row_number() over (
            partition by year, accounts.platform_code
            order by posts.reposts_received_count desc, posts.posted_at asc, posts.post_id asc
        ) <= 100
),

kinds as (
    select
        year,
        split_part(account_id, ':', 1) as platform_code,
        kind_code,
        sum(posts_count)::bigint as posts_count,
        {{ sum_if_known(interactions(), 'true') }} as interactions_count,
        {{ sum_if_known('views_received_count', 'true') }} as views_received_count,
        max(engagement_observed_at) as as_of,
        {{ united('source_id') }} as source_id,
    from {{ ref('int_account_kinds') }}
    group by year, platform_code, kind_code
),

figures_of_kinds as (
    select
        year,
        platform_code,
        'kind:' || kind_code as scope,
        as_of,
        source_id,
        posts_count,
        unnest([
            {
                'metric_id': 'E07', 'value': {{ ratio('interactions_count', 'posts_count') }},
                'denominator': posts_count
            },
            {'metric_id': 'E08', 'value': views_received_count::decimal(38, 9), 'denominator': null},
            {
                'metric_id': 'E08_per_post', 'value': {{ ratio('views_received_count', 'posts_count') }},
                'denominator': posts_count
            }
        ], recursive := true),
    from kinds
)

-- States have no means, only the sum E02: a mean over all accounts of a state describes none of them.
select
    *,
    'in_office' as scope,
from figures
where
    grain_code in ('account', 'person', 'group', 'world')
    or (grain_code = 'account_group' and metric_id = 'E01')
    or (grain_code = 'state' and metric_id = 'E02')
union all by name
select
    *,
    'post' as grain_code,
    'E06' as metric_id,
    1 as n,
    'in_office' as scope,
from posts
union all by name
select
    * exclude (posts_count, source_id),
    case when value is null then 0 else posts_count end as n,
    case when value is not null then source_id end as source_id,
    'world' as grain_code,
    'world' as subject,
    'World' as subject_name,
from figures_of_kinds
where metric_id = 'E07' or scope = 'kind:video'
