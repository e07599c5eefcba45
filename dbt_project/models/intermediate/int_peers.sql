with

tenures as (
    select * from {{ ref('int_tenures') }}
),

offices as ({{ roster_at_cut('stg_roster__offices') }}),

regions as (
    select
        tenure_id,
        min(group_code) as region_code,
    from {{ ref('int_tenure_groups') }}
    where group_type_code = 'm49-region'
    group by tenure_id
)

select
    tenures.account_id,
    tenures.platform_code,
    tenures.handle,
    tenures.country_code,
    regions.region_code,
    tenures.holder_name,
    offices.category_code,
from tenures
inner join offices on tenures.office_code = offices.office_code
left join regions on tenures.tenure_id = regions.tenure_id
qualify
    row_number() over (
        partition by tenures.account_id
        order by tenures.tenure_end_at desc, tenures.tenure_start_at desc, tenures.tenure_id asc
    ) = 1
