select *
from {{ ref('int_tenure_figures') }}
qualify
    row_number() over (
        partition by year, account_id
        order by tenure_end_at desc, tenure_start_at desc, tenure_id asc
    ) = 1
