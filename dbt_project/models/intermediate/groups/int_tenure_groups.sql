with

tenures as (
    select * from {{ ref('int_tenures') }}
),

memberships as (
    select * from {{ ref('int_memberships') }}
),

-- A tenure names the highest of the offices that were entered on one day; the terms have all of them. An office counts
-- only if it was still held when the tenure began in this edition.
offices_held as (
    select
        tenures.year,
        tenures.tenure_id,
        unnest(
            case offices.category_code
                when 'head_of_state_and_government' then ['head_of_state', 'head_of_government']
                else [offices.category_code]
            end
        ) as category_code,
    from tenures
    inner join {{ ref('int_terms') }} as terms
        on
            tenures.holder_id = terms.holder_id
            and tenures.term_start_date is not distinct from terms.start_date
            and coalesce(terms.until_at > tenures.tenure_start_at, true)
    inner join {{ ref('int_offices') }} as offices on terms.office_code = offices.office_code
),

categories as (
    select distinct *
    from offices_held
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
    category_code as group_code,
from categories
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
