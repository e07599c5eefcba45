with

figures as (
    select * from {{ ref('int_backtest_figures') }} where comparison_code = 'posts'
),

posts as (
    select *
    from {{ ref('int_post_observations') }}
    where account_id in (select account_id from figures)
    qualify
        row_number() over (partition by post_id order by observed_at desc, ledger_position desc, event_id desc) = 1
)

select
    figures.figure_id,
    figures.own_measure_code,
    count(*) as posts_count,
    {{ sum_if_known('posts.reposts_received_count', 'true') }} as reposts_received_count,
    {{ sum_if_known('posts.likes_received_count', 'true') }} as likes_received_count,
    min(posts.observed_at)::date as first_observed_date,
    max(posts.observed_at)::date as observed_date,
    string_agg(distinct posts.source_id, ' ' order by posts.source_id) as source_id,
from figures
inner join posts
    on
        figures.account_id = posts.account_id
        and coalesce(posts.posted_at >= figures.window_start_date, true)
        and posts.posted_at < figures.window_end_date + 1
where not posts.is_repost
group by figures.figure_id, figures.own_measure_code
