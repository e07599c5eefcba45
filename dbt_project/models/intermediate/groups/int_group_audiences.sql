with

terms as (
    select * from {{ ref('int_group_terms') }} where audience_class_code = 'observed'
),

-- An account that changed hands within the year has a row for each holder: its last audience counts.
accounts as (
    select *
    from terms
    qualify
        row_number() over (
            partition by year, platform_code, group_type_code, group_code, account_id
            order by audience_at desc, holder_id asc, term_start_date asc
        ) = 1
),

audiences as (
    select
        year,
        platform_code,
        group_type_code,
        group_code,
        string_agg(distinct audience_code, ' ' order by audience_code) as audience_code,
        count(*) as audience_accounts_count,
        sum(audience_count) as audience_count,
        quantile_disc(audience_count, 0.5) as median_audience_count,
        {{ top_tenth_sum('audience_count') }} as top_tenth_audience_count,
        max(audience_at) as audience_at,
        string_agg(distinct audience_source_id, ' ' order by audience_source_id) as audience_source_id,
    from accounts
    group by year, platform_code, group_type_code, group_code
),

-- The constant panel: accounts that were observed in both years under one holder whose office is in the group.
panel_accounts as (
    select *
    from terms
    where audience_growth_share is not null and previous_audience_class_code = 'observed'
    qualify
        row_number() over (
            partition by year, platform_code, group_type_code, group_code, account_id
            order by audience_at desc, holder_id asc, term_start_date asc
        ) = 1
),

panels as (
    select
        year,
        platform_code,
        group_type_code,
        group_code,
        count(*) as panel_accounts_count,
        sum(previous_audience_count) as previous_panel_audience_count,
        max(audience_at) as panel_audience_at,
        array_to_string(
            list_sort(list_distinct(flatten(list([audience_source_id, previous_audience_source_id])))), ' '
        ) as panel_source_id,
        {{ growth('sum(audience_count)', 'sum(previous_audience_count)') }} as audience_growth_share,
    from panel_accounts
    group by year, platform_code, group_type_code, group_code
)

select
    year,
    platform_code,
    group_type_code,
    group_code,
    audiences.audience_code,
    audiences.audience_accounts_count,
    audiences.audience_count,
    {{ ratio('audiences.audience_count', 'audiences.audience_accounts_count') }} as audience_per_account,
    audiences.median_audience_count,
    {{ ratio('audiences.top_tenth_audience_count', 'audiences.audience_count') }} as top_decile_audience_share,
    audiences.audience_at,
    audiences.audience_source_id,
    coalesce(panels.panel_accounts_count, 0) as panel_accounts_count,
    panels.previous_panel_audience_count,
    panels.panel_audience_at,
    panels.panel_source_id,
    panels.audience_growth_share,
from audiences
left join panels using (year, platform_code, group_type_code, group_code)
