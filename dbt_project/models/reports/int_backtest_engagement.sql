with

-- Figures whose account has one collected period (all posts and replies were seen) over the complete window.
covered as (
    select distinct figures.figure_id
    from {{ ref('int_backtest_figures') }} as figures
    inner join {{ ref('int_collected_periods') }} as periods on figures.account_id = periods.account_id
    where
        figures.comparison_code = 'posts'
        and (periods.start_at is null or coalesce(periods.start_at <= figures.window_start_date, false))
        and periods.end_at >= figures.window_end_date + 1
)

-- All posts of the window count, in office or not, because the printed figures do not distinguish them.
select
    posts.figure_id,
    'posts' as comparison_code,
    case posts.own_measure_code
        when 'reposts_per_original_post' then {{ ratio('posts.reposts_received_count', 'posts.posts_count') }}
        when 'interactions_count' then {{ interactions('posts') }}::decimal(38, 9)
    end as own_value,
    posts.posts_count::bigint as own_n,
    posts.observed_date as own_as_of,
    posts.source_id as own_source_id,
    false as is_same_source,
    -- Counts grow, so counts observed on another day than the figure's mean something else.
    covered.figure_id is null
    or figures.is_year_only
    or posts.first_observed_date < figures.as_of_date
    or posts.observed_date > figures.as_of_until_date as is_other_scope,
from {{ ref('int_backtest_posts') }} as posts
inner join {{ ref('int_backtest_figures') }} as figures
    on posts.figure_id = figures.figure_id and figures.comparison_code = 'posts'
left join covered on posts.figure_id = covered.figure_id
