with

tenures as (
    select * from {{ ref('int_tenures') }}
),

handles as (
    select * from {{ ref('int_handles_yearly') }}
),

states as (
    select * from {{ ref('int_states') }}
)

-- Of several tenures the last one, chosen as in `int_account_figures`, so that an account is one node.
select
    year,
    tenures.account_id,
    tenures.platform_code,
    handles.handle,
    country_code,
    states.region_code,
    tenures.holder_name,
    tenures.category_code,
from tenures
inner join handles using (year, account_id)
left join states using (year, country_code)
qualify
    row_number() over (
        partition by year, tenures.account_id
        order by tenures.tenure_end_at desc, tenures.tenure_start_at desc, tenures.tenure_id asc
    ) = 1
