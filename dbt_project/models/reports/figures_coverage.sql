with

-- Only states that were searched for count: of the others only the present ones can be known, which would bias a share.
states as (
    select
        * exclude (has_account, has_personal, has_institutional, source_id),
        case when is_looked_for then has_account end as has_account,
        case when is_looked_for then has_personal end as has_personal,
        case when is_looked_for then has_institutional end as has_institutional,
        case when is_looked_for then source_id end as source_id,
    from {{ ref('coverage_yearly') }}
),

-- n counts the states with a known answer. The constant panel (C14) has the states known at both ends of the year.
sums as (
    select
        year,
        scope,
        platform_code,
        max(source_id) as source_id,
        max(checked_date) as checked_date,
        count(has_account) filter (is_un_member) as un_n,
        count(has_account_at_start) filter (is_un_member) as un_start_n,
        count_if(has_account and is_un_member) as un_count,
        count_if(has_account_at_start and is_un_member) as un_start_count,
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
    group by year, scope, platform_code
),

states_figures as (
    select
        year,
        platform_code,
        figure.metric_id,
        scope,
        case figure.metric_id
            when 'C03' then {{ ratio('figure.value', 'figure.n') }}
            when 'C14' then {{ growth('figure.value', 'panel_start_count') }}
            else figure.value::decimal(38, 9)
        end as value,
        figure.n,
        case figure.metric_id when 'C03' then figure.n when 'C14' then panel_start_count end as denominator,
        case when figure.metric_id like '%_start' then make_date(year, 1, 1) else checked_date end as as_of,
        source_id,
    from sums
),

accounts as (
    select
        year,
        platform_code,
        grain_code,
        subject,
        subject_name,
        'C01' as metric_id,
        'in_office' as scope,
        collected_accounts_count::decimal(38, 9) as value,
        collected_terms_count as n,
        engagement_observed_at::date as as_of,
        source_id,
        is_partial,
    from {{ ref('int_figure_subjects') }}
    where grain_code = 'world' or (grain_code = 'group' and collected_terms_count > 0)
)

select
    *,
    'world' as grain_code,
    'world' as subject,
    'World' as subject_name,
from states_figures
union all by name
select * from accounts
