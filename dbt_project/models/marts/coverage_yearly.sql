with

presence as (
    select * from {{ ref('int_presence') }}
),

countries as ({{ roster_at_cut('stg_roster__countries') }}),

un_members as (
    select groups.country_code
    from ({{ roster_at_cut('stg_roster__country_groups') }}) as groups
    where
        groups.group_type_code = 'un'
        and coalesce(groups.start_date <= {{ window_end_date() }}, true)
        and coalesce(groups.end_date >= {{ window_end_date() }}, true)
),

scopes as (
    select distinct
        source_id,
        scope,
        platform_code,
    from presence
),

-- A state is absent only if both kinds of account were looked for in the window.
states as (
    select
        scopes.scope,
        scopes.platform_code,
        scopes.source_id,
        countries.country_code,
        count(distinct presence.account_type_code) = 2 and bool_and(presence.is_looked_at) as is_looked_at,
        coalesce(bool_or(presence.is_active and presence.is_looked_at), false) as is_present,
        bool_or(presence.is_active) filter (presence.account_type_code = 'personal') as is_personal,
        bool_or(presence.is_active) filter (presence.account_type_code = 'institutional') as is_institutional,
        min(presence.first_active_month) filter (presence.is_active) as first_active_month,
        max(presence.checked_date) as checked_date,
    from scopes
    cross join countries
    left join presence
        on
            scopes.source_id = presence.source_id
            and scopes.platform_code = presence.platform_code
            and countries.country_code = presence.country_code
    group by all
),

statuses as (
    select
        *,
        case
            when is_present then 'present'
            when is_looked_at then 'absent'
            else 'not_collected'
        end as status,
    from states
)

select
    {{ var('year') }}::integer as year,
    statuses.country_code,
    statuses.platform_code,
    statuses.scope,
    statuses.status,
    un_members.country_code is not null as is_un_member,
    case when statuses.status != 'not_collected' then statuses.status = 'present' end as has_account,
    case when statuses.status != 'not_collected' then statuses.is_personal end as has_personal,
    case when statuses.status != 'not_collected' then statuses.is_institutional end as has_institutional,
    case when statuses.status = 'present' then statuses.first_active_month end as first_active_month,
    case when statuses.status != 'not_collected' then statuses.checked_date end as checked_date,
    statuses.source_id,
from statuses
left join un_members on statuses.country_code = un_members.country_code
