with

figures as (
    select * from {{ ref('int_backtest_figures') }} where comparison_code = 'posts'
),

posts as (
    select *
    from {{ ref('int_post_observations') }}
    qualify
        row_number() over (partition by post_id order by observed_at desc, ledger_position desc, event_id desc) = 1
),

sums as (
    select
        figures.figure_id,
        figures.measure_code,
        count(*) as posts_count,
        {{ sum_if_known('posts.reposts_received_count', 'true') }} as reposts_received_count,
        {{ sum_if_known('posts.likes_received_count', 'true') }} as likes_received_count,
        max(posts.observed_at)::date as observed_date,
        string_agg(distinct posts.source_id, ' ' order by posts.source_id) as source_id,
    from figures
    inner join posts
        on
            figures.account_id = posts.account_id
            and coalesce(posts.posted_at >= figures.window_start_date, true)
            and posts.posted_at < figures.window_end_date + 1
    where not posts.is_repost
    group by figures.figure_id, figures.measure_code
)

select
    figure_id,
    'posts' as comparison_code,
    case measure_code
        when 'reposts_per_original_post' then {{ ratio('reposts_received_count', 'posts_count') }}
        when 'interactions_count' then (reposts_received_count + likes_received_count)::decimal(38, 9)
    end as own_value,
    posts_count::bigint as own_n,
    observed_date as own_as_of,
    source_id as own_source_id,
    false as is_same_source,
    true as is_other_scope,
from sums
