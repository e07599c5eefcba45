with

presence as (
    select * from {{ ref('int_presence') }}
),

countries as ({{ roster_at_cut('stg_roster__countries') }}),

un_members as (
    select country_code from {{ ref('int_memberships') }} where is_un_member
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
        scopes.scope,
        scopes.platform_code,
        scopes.source_id,
        countries.country_code,
        case
            when coalesce(bool_or(presence.is_active), false) then 'present'
            when count(distinct presence.account_type_code) = 2 then 'absent'
            else 'not_collected'
        end as status,
        bool_or(presence.is_active) filter (presence.account_type_code = 'personal') as is_personal,
        bool_or(presence.is_active) filter (presence.account_type_code = 'institutional') as is_institutional,
        min(presence.first_active_month) filter (presence.is_active) as first_active_month,
        min(presence.checked_date) as checked_date,
    from scopes
    cross join countries
    left join presence
        on
            scopes.source_id = presence.source_id
            and scopes.platform_code = presence.platform_code
            and countries.country_code = presence.country_code
    group by all
)

select
    {{ var('year') }}::integer as year,
    states.country_code,
    states.platform_code,
    states.scope,
    states.status,
    un_members.country_code is not null as is_un_member,
    case when states.status != 'not_collected' then states.status = 'present' end as has_account,
    case when states.status != 'not_collected' then states.is_personal end as has_personal,
    case when states.status != 'not_collected' then states.is_institutional end as has_institutional,
    case when states.status = 'present' then states.first_active_month end as first_active_month,
    case when states.status != 'not_collected' then states.checked_date end as checked_date,
    case when states.status != 'not_collected' then states.source_id end as source_id,
from states
left join un_members on states.country_code = un_members.country_code
