with

presence as (
    select * from {{ ref('int_presence') }}
),

scopes as (
    select distinct
        sources.scope,
        looks.source_id,
        looks.platform_code,
    from (
        {{ union_models(['stg_by_hand__presence', 'stg_by_hand__looks']) }}
    ) as looks
    inner join ({{ roster_at_cut('stg_roster__sources') }}) as sources on looks.source_id = sources.source_id
),

-- A state is absent only if both kinds of account were looked for in the window.
states as (
    select
        countries.year,
        scopes.scope,
        scopes.platform_code,
        scopes.source_id,
        countries.country_code,
        countries.country_name,
        countries.region_code,
        countries.region_name,
        countries.is_un_member,
        case
            when coalesce(bool_or(presence.is_active), false) then 'present'
            when count(distinct presence.account_type_code) = 2 then 'absent'
            else 'not_collected'
        end as status,
        bool_or(presence.is_active) filter (presence.account_type_code = 'personal') as has_personal,
        bool_or(presence.is_active) filter (presence.account_type_code = 'institutional') as has_institutional,
        case
            when bool_or(presence.is_active_at_start) then true
            when count(presence.is_active_at_start) = 2 then false
        end as has_account_at_start,
        min(presence.first_active_month) filter (presence.is_active) as first_active_month,
        min(presence.checked_date) as checked_date,
    from scopes
    cross join {{ ref('int_states') }} as countries
    left join presence
        on
            countries.year = presence.year
            and scopes.source_id = presence.source_id
            and scopes.platform_code = presence.platform_code
            and countries.country_code = presence.country_code
    group by all
)

select
    year,
    country_code,
    platform_code,
    scope,
    country_name,
    region_code,
    region_name,
    status,
    is_un_member,
    case when status != 'not_collected' then status = 'present' end as has_account,
    case when status != 'not_collected' then has_personal end as has_personal,
    case when status != 'not_collected' then has_institutional end as has_institutional,
    has_account_at_start,
    case when status = 'present' then first_active_month end as first_active_month,
    case when status != 'not_collected' then checked_date end as checked_date,
    case when status != 'not_collected' then source_id end as source_id,
from states
