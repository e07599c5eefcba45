-- An account stands under its last holder and office of the year.
select *
from {{ ref('int_tenure_figures') }}
qualify
    row_number() over (
        partition by year, account_id
        order by tenure_end_at desc, tenure_start_at desc, tenure_id asc
    ) = 1
