with

coverage as (
    select * from {{ ref('coverage_yearly') }}
),

presence_at_start as (
    select
        source_id,
        platform_code,
        country_code,
        bool_or(is_active_at_start) as is_present,
    from {{ ref('int_presence') }}
    where is_looked_at_start
    group by all
),

accounts as (
    select
        *,
        split_part(account_id, ':', 1) as platform_code,
    from {{ ref('accounts_yearly') }}
),

metrics as (
    select * from {{ ref('metrics') }}
),

states as (
    select
        coverage.*,
        presence_at_start.is_present as has_account_at_start,
    from coverage
    left join presence_at_start
        on
            coverage.source_id = presence_at_start.source_id
            and coverage.platform_code = presence_at_start.platform_code
            and coverage.country_code = presence_at_start.country_code
),

-- One pass over the states; n counts the states with a known answer.
coverage_sums as (
    select
        scope,
        platform_code,
        max(checked_date) as as_of,
        unnest([
            {'metric_id': 'C02', 'value': count_if(has_account), 'n': count(has_account)},
            {'metric_id': 'C02_personal', 'value': count_if(has_personal), 'n': count(has_personal)},
            {'metric_id': 'C02_institutional', 'value': count_if(has_institutional), 'n': count(has_institutional)},
            {'metric_id': 'C02_un', 'value': count_if(has_account and is_un_member), 'n': count(has_account) filter (is_un_member)},
            {'metric_id': 'C02_start', 'value': count_if(has_account_at_start), 'n': count(has_account_at_start)},
            {'metric_id': 'C02_un_start', 'value': count_if(has_account_at_start and is_un_member), 'n': count(has_account_at_start) filter (is_un_member)},
            {'metric_id': 'C03', 'value': count_if(has_account and is_un_member), 'n': count(has_account) filter (is_un_member)}
        ]) as figure,
        count_if(is_un_member) as un_members_count,
    from states
    group by scope, platform_code
),

coverage_figures as (
    select
        platform_code,
        figure.metric_id,
        scope,
        case
            when figure.n = 0 then null
            when figure.metric_id = 'C03' then {{ ratio('figure.value', 'un_members_count') }}
            else figure.value::decimal(38, 9)
        end as value,
        figure.n,
        case when figure.metric_id = 'C03' then un_members_count end as denominator,
        case
            when figure.n = 0 then null
            when figure.metric_id in ('C02_start', 'C02_un_start') then {{ window_start_date() }}
            else as_of
        end as as_of,
    from coverage_sums
),

account_sums as (
    select
        platform_code,
        max(engagement_observed_at)::date as as_of,
        count(posts_count) as account_terms_count,
        unnest([
            {'metric_id': 'C01', 'value': count(distinct account_id) filter (posts_count is not null)::decimal(38, 9)},
            {'metric_id': 'T03', 'value': sum(posts_per_day)},
            {'metric_id': 'T05', 'value': sum(posts_count)::decimal(38, 9)},
            {'metric_id': 'V02', 'value': count_if(posts_count > 0 and replies_to_others_count = 0)::decimal(38, 9)}
        ]) as figure,
    from accounts
    group by platform_code
),

account_figures as (
    select
        platform_code,
        figure.metric_id,
        'in_office' as scope,
        case
            when account_terms_count = 0 then null
            when figure.metric_id = 'T03'
                then {{ ratio('(figure.value * 1000000000)', 'account_terms_count::hugeint * 1000000000') }}
            else figure.value
        end as value,
        account_terms_count as n,
        case when figure.metric_id = 'T03' then account_terms_count end as denominator,
        case when account_terms_count > 0 then as_of end as as_of,
    from account_sums
)

select
    {{ var('year') }}::integer as year,
    figures.platform_code,
    figures.metric_id,
    figures.scope,
    figures.value,
    figures.n::bigint as n,
    figures.denominator::bigint as denominator,
    figures.as_of,
    {{ window_start_date() }} as window_start_date,
    {{ window_end_date() }} as window_end_date,
    metrics.method_version,
from (from coverage_figures union all by name from account_figures) as figures
left join metrics on figures.metric_id = metrics.metric_id
