with

known as (
    select
        year,
        country_code,
        unnest(
            case category_code
                when 'head_of_state_and_government' then ['head_of_state', 'head_of_government']
                else [category_code]
            end
        ) as category_code,
    from {{ ref('offices_yearly') }}
    where holder_status_code = 'known'
),

heads as (
    select distinct
        year,
        country_code,
    from known
    where category_code in ('head_of_state', 'head_of_government')
),

scopes as (
    select
        year,
        'in_office' as scope,
        country_code,
    from heads
    union all
    select
        year,
        memberships.group_type_code || ':' || memberships.group_code as scope,
        country_code,
    from heads
    inner join {{ ref('int_memberships') }} as memberships using (year, country_code)
    union all
    select
        year,
        'category:' || category_code as scope,
        country_code,
    from known
)

select
    year,
    scope,
    count(distinct country_code) as known_states_count,
from scopes
group by year, scope
