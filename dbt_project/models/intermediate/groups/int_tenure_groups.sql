with

tenures as (
    select * from {{ ref('int_tenures') }}
),

memberships as (
    select * from {{ ref('int_memberships') }}
)

select
    year,
    tenure_id,
    'all' as group_type_code,
    'all' as group_code,
from tenures
union all
select
    tenures.year,
    tenures.tenure_id,
    memberships.group_type_code,
    memberships.group_code,
from tenures
inner join memberships on tenures.year = memberships.year and tenures.country_code = memberships.country_code
union all
select
    year,
    tenure_id,
    'category' as group_type_code,
    -- Who is head of state and of government is counted as each.
    unnest(
        case category_code
            when 'head_of_state_and_government' then ['head_of_state', 'head_of_government']
            else [category_code]
        end
    ) as group_code,
from tenures
union all
select
    year,
    tenure_id,
    'account_type' as group_type_code,
    account_type_code as group_code,
from tenures
union all
select
    year,
    tenure_id,
    'holder_kind' as group_type_code,
    holder_kind_code as group_code,
from tenures
union all
select
    year,
    tenure_id,
    'gender' as group_type_code,
    gender_code as group_code,
from tenures
where gender_code is not null
