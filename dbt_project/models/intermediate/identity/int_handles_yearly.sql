with

runs as (
    select
        editions.year,
        handles.account_id,
        handles.handle,
        handles.run_number,
        handles.first_seen_date <= editions.window_end_date as is_seen,
    from {{ ref('int_handles') }} as handles
    cross join {{ ref('int_editions') }} as editions
)

select
    year,
    account_id,
    handle,
from runs
qualify
    row_number() over (
        partition by year, account_id
        order by is_seen desc, case when is_seen then run_number end desc, run_number asc
    ) = 1
