{{ config(materialized='view') }}

with

stocks as (
    select
        * exclude (audience_count, following_count, listed_count, lifetime_posts_count),
        year(observed_from_date)::integer as observed_year,
        coalesce(rounding_code in ('at_least', 'at_most'), false) as is_bound,
        unnest([
            {'figure_code': 'audience', 'figure_count': audience_count},
            {'figure_code': 'following', 'figure_count': following_count},
            {'figure_code': 'listed', 'figure_count': listed_count},
            {'figure_code': 'lifetime_posts', 'figure_count': lifetime_posts_count}
        ], recursive := true),
    from {{ ref('int_stocks') }}
    where year(observed_from_date) = year(observed_until_date)
)

-- All days on which the count may have been made must lie in one tenure, or it may be another holder's.
select
    tenures.year,
    tenures.tenure_id,
    tenures.holder_id,
    tenures.platform_code,
    tenures.tenure_end_at = editions.window_close_date::timestamptz as is_current,
    stocks.*,
from {{ ref('int_tenures') }} as tenures
inner join {{ ref('int_editions') }} as editions using (year)
inner join stocks
    on
        tenures.account_id = stocks.account_id
        and stocks.observed_year between tenures.year - 1 and tenures.year
        and coalesce(stocks.observed_from_date::timestamptz >= tenures.held_start_at, true)
        and coalesce((stocks.observed_until_date + 1)::timestamptz <= tenures.held_end_at, true)
where stocks.figure_count is not null
