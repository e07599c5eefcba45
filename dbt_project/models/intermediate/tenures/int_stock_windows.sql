-- Counts in one list are of one time: the 92 days within the year in which most accounts were counted.
with

-- By the last day of the window: on which days a window may end so that it holds the whole time a count may be of.
ends as (
    select
        year,
        platform_code,
        figure_code,
        account_id,
        greatest(observed_until_date, make_date(year, 1, 1) + 91) as first_date,
        least(observed_from_date + 91, make_date(year, 12, 31)) as last_date,
    from {{ ref('int_tenure_stocks') }}
    where observed_year = year and is_current and class_code = 'observed' and not is_bound and first_date <= last_date
),

-- Where a stretch of such days begins that touches none before it: an account counts once, however often it was seen.
marked as (
    select
        *,
        coalesce(first_date > max(last_date) over before, true) as is_new,
    from ends
    window before as (
        partition by year, figure_code, account_id
        order by first_date, last_date
        rows between unbounded preceding and 1 preceding
    )
),

stretches as (
    select
        year,
        platform_code,
        figure_code,
        min(first_date) as first_date,
        max(last_date) as last_date,
    from (
        select
            *,
            count_if(is_new) over (
                partition by year, figure_code, account_id
                order by first_date, last_date
                rows between unbounded preceding and current row
            ) as stretch_number,
        from marked
    ) as numbered
    group by year, platform_code, figure_code, account_id, stretch_number
),

turns as (
    select
        year,
        platform_code,
        figure_code,
        first_date as turn_date,
        1 as step,
    from stretches
    union all
    select
        year,
        platform_code,
        figure_code,
        last_date + 1 as turn_date,
        -1 as step,
    from stretches
),

counts as (
    select
        year,
        platform_code,
        figure_code,
        turn_date,
        sum(sum(step)) over (partition by year, platform_code, figure_code order by turn_date) as accounts_count,
        lead(turn_date) over (partition by year, platform_code, figure_code order by turn_date) as next_date,
    from turns
    group by year, platform_code, figure_code, turn_date
)

-- Of equals the latest.
select
    year,
    platform_code,
    figure_code,
    next_date - 92 as window_start_date,
    next_date - 1 as window_end_date,
from counts
where accounts_count > 0
qualify
    row_number() over (
        partition by year, platform_code, figure_code
        order by accounts_count desc, turn_date desc
    ) = 1
