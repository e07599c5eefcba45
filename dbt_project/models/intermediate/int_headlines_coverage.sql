with

coverage as (
    select * from {{ ref('coverage_yearly') }}
),

presence_at_start as (
    select
        scope,
        platform_code,
        country_code,
        case
            when bool_or(is_active_at_start) then true
            when count(is_active_at_start) = 2 then false
        end as is_present,
    from {{ ref('int_presence') }}
    group by all
),

states as (
    select
        coverage.*,
        presence_at_start.is_present as has_account_at_start,
    from coverage
    left join presence_at_start
        on
            coverage.scope = presence_at_start.scope
            and coverage.platform_code = presence_at_start.platform_code
            and coverage.country_code = presence_at_start.country_code
),

-- n counts the states with a known answer.
sums as (
    select
        scope,
        platform_code,
        max(source_id) as source_id,
        max(checked_date) as checked_date,
        count(has_account) filter (is_un_member) as un_n,
        count(has_account_at_start) filter (is_un_member) as un_start_n,
        count_if(has_account and is_un_member) as un_count,
        count_if(has_account_at_start and is_un_member) as un_start_count,
        -- The constant panel: states known at both ends of the year.
        count_if(has_account is not null and has_account_at_start is not null) as panel_n,
        count_if(has_account and has_account_at_start is not null) as panel_count,
        count_if(has_account_at_start and has_account is not null) as panel_start_count,
        unnest([
            {'metric_id': 'C02', 'value': count_if(has_account), 'n': count(has_account)},
            {'metric_id': 'C02_personal', 'value': count_if(has_personal), 'n': count(has_personal)},
            {'metric_id': 'C02_institutional', 'value': count_if(has_institutional), 'n': count(has_institutional)},
            {'metric_id': 'C02_start', 'value': count_if(has_account_at_start), 'n': count(has_account_at_start)},
            {'metric_id': 'C02_un', 'value': un_count, 'n': un_n},
            {'metric_id': 'C02_un_start', 'value': un_start_count, 'n': un_start_n},
            {'metric_id': 'C03', 'value': un_count, 'n': un_n},
            {'metric_id': 'C14', 'value': panel_count, 'n': case when panel_start_count > 0 then panel_n else 0 end}
        ]) as figure,
    from states
    group by scope, platform_code
)

select
    platform_code,
    source_id,
    figure.metric_id,
    scope,
    case
        when figure.n = 0 then null
        when figure.metric_id = 'C03' then {{ ratio('figure.value', 'figure.n') }}
        when figure.metric_id = 'C14' then {{ growth('figure.value', 'panel_start_count') }}
        else figure.value::decimal(38, 9)
    end as value,
    figure.n,
    case
        when figure.n = 0 then null
        when figure.metric_id = 'C03' then figure.n
        when figure.metric_id = 'C14' then panel_start_count
    end as denominator,
    case
        when figure.n = 0 then null
        when figure.metric_id like '%_start' then {{ window_start_date() }}
        else checked_date
    end as as_of,
from sums
