with

-- A post in two offices is one post.
posts as (
    select *
    from {{ ref('int_posts') }}
    where is_in_office and is_original and kind_code is not null
    qualify row_number() over (partition by post_id order by tenure_id) = 1
),

kinds as (
    select
        split_part(post_id, ':', 1) as platform_code,
        kind_code,
        count(*) as posts_count,
        {{ sum_if_known('reposts_received_count', 'true') }} + {{ sum_if_known('likes_received_count', 'true') }}
            as interactions_count,
        {{ sum_if_known('views_received_count', 'true') }} as views_count,
        max(engagement_observed_at)::date as as_of,
        string_agg(distinct source_id, ' ' order by source_id) as source_id,
    from posts
    group by split_part(post_id, ':', 1), kind_code
),

figures as (
    select
        *,
        unnest([
            {
                'metric_id': 'E07', 'value': {{ ratio('interactions_count', 'posts_count') }},
                'denominator': posts_count
            },
            {'metric_id': 'E08', 'value': views_count::decimal(38, 9), 'denominator': null},
            {
                'metric_id': 'E08_per_post', 'value': {{ ratio('views_count', 'posts_count') }},
                'denominator': posts_count
            }
        ], recursive := true),
    from kinds
)

select
    platform_code,
    'kind:' || kind_code as scope,
    metric_id,
    value,
    case when value is null then 0 else posts_count end as n,
    case when value is not null then denominator end as denominator,
    case when value is not null then as_of end as as_of,
    case when value is not null then source_id end as source_id,
from figures
where metric_id = 'E07' or kind_code = 'video'
