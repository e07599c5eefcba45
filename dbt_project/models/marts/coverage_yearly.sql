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

-- A state is absent only if both types of account were searched for in the year.
looked as (
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
        end as look_status,
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
),

-- Every table takes the status from the same two facts: searches, and accounts that were seen. If they contradict each
-- other, the account decides.
states as (
    select
        looked.* exclude (has_personal, has_institutional, has_account_at_start, source_id),
        looked.look_status != 'not_collected' as is_looked_for,
        case when observed.country_code is not null then 'present' else looked.look_status end as status,
        case
            when observed.has_personal then true when looked.look_status != 'not_collected' then looked.has_personal
        end as has_personal,
        case
            when observed.has_institutional then true
            when looked.look_status != 'not_collected' then looked.has_institutional
        end as has_institutional,
        -- A search that missed an account says nothing about the start of the year either.
        case
            when observed.country_code is null or looked.look_status != 'absent' then looked.has_account_at_start
        end as has_account_at_start,
        case when looked.look_status != 'not_collected' then looked.source_id else observed.source_id end as source_id,
    from looked
    left join {{ ref('int_observed_presence') }} as observed using (year, country_code, platform_code)
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
    is_looked_for,
    is_un_member,
    case when status != 'not_collected' then status = 'present' end as has_account,
    has_personal,
    has_institutional,
    has_account_at_start,
    case when look_status = 'present' then first_active_month end as first_active_month,
    case when is_looked_for then checked_date end as checked_date,
    source_id,
from states
