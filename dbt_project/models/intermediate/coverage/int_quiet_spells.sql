with

days as (
    select * from {{ ref('int_post_days') }}
),

silences as (
    select
        account_id,
        posted_date + {{ var('quiet_days') }} as quiet_date,
        posted_date as last_posted_date,
        lead(posted_date) over posts as next_posted_date,
        lead(source_id) over posts as next_source_id,
    from days
    window posts as (partition by account_id order by posted_date)
    qualify coalesce(next_posted_date > quiet_date, true)
),

periods as (
    select * from {{ ref('int_collected_periods') }}
)

-- A gap between two posts proves silence only if everything in it was collected.
select
    silences.account_id,
    silences.last_posted_date,
    silences.quiet_date,
    silences.next_posted_date,
    least(silences.next_posted_date, periods.end_at::date) as spoke_not_before_date,
    periods.source_id,
    silences.next_source_id,
from silences
inner join periods
    on
        silences.account_id = periods.account_id
        and coalesce(silences.last_posted_date >= periods.start_at::date, true)
        and silences.quiet_date < periods.end_at::date
