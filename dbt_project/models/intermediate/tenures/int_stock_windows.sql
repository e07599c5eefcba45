-- Finds the 92 days in which most accounts were counted, without trying each day. A window holds a count if it ends
-- within a range of days: from the day of the count to 91 days later. The best window ends on a day that lies in the
-- ranges of most accounts.
with

-- The first and the last day on which a window may end so that it holds all days on which the count may have been made.
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

-- Each account counts once for a day, even if it was counted several times: its ranges that overlap are merged.
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

ranges as (
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
            ) as range_number,
        from marked
    ) as numbered
    group by year, platform_code, figure_code, account_id, range_number
),

steps as (
    select
        year,
        platform_code,
        figure_code,
        first_date as step_date,
        1 as step,
    from ranges
    union all
    select
        year,
        platform_code,
        figure_code,
        last_date + 1 as step_date,
        -1 as step,
    from ranges
),

counts as (
    select
        year,
        platform_code,
        figure_code,
        step_date,
        sum(sum(step)) over (partition by year, platform_code, figure_code order by step_date) as accounts_count,
        lead(step_date) over (partition by year, platform_code, figure_code order by step_date) as next_date,
    from steps
    group by year, platform_code, figure_code, step_date
)

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
        order by accounts_count desc, step_date desc
    ) = 1
