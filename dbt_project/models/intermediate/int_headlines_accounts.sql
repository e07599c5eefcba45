with

accounts as (
    select * from {{ ref('accounts_yearly') }}
),

-- A post by the holder of two offices is one post.
posts as (
    select
        platform_code,
        count(distinct post_id) as posts_count,
    from {{ ref('int_holder_posts') }}
    group by platform_code
),

-- An account that passed from one holder to the next has one audience: the last seen.
audiences as (
    select
        platform_code,
        count(*) as audience_accounts_count,
        sum(audience_count) as audience_count,
        max(audience_at)::date as audience_date,
    from (
        select *
        from {{ ref('int_holder_accounts') }}
        where audience_count is not null
        qualify row_number() over (partition by account_id order by audience_at desc, holder_id) = 1
    )
    group by platform_code
),

sums as (
    select
        platform_code,
        string_agg(distinct source_id, ' ' order by source_id) as posts_source_id,
        string_agg(distinct audience_source_id, ' ' order by audience_source_id)
            filter (audience_class_code = 'observed') as audience_source_id,
        max(engagement_observed_at)::date as posts_date,
        count(posts_count) as collected_count,
        count(replies_to_others_count) as replies_known_count,
        count(distinct account_id) filter (posts_count is not null) as accounts_count,
        count_if(posts_count > 0 and replies_to_others_count = 0) as silent_count,
        sum(posts_per_day) as posts_per_day_sum,
    from accounts
    group by platform_code
),

panels as (
    select
        platform_code,
        count(*) as panel_count,
        sum(audience_count) as panel_audience_count,
        sum(previous_audience_count) as panel_previous_count,
        max(audience_at)::date as panel_date,
        array_to_string(list_sort(list_distinct(flatten(list(source_ids)))), ' ') as panel_source_id,
    from {{ ref('int_audience_panel') }}
    group by platform_code
),

known as (    select
        sums.*,
        coalesce(posts.posts_count, 0) as posts_count,
        coalesce(audiences.audience_accounts_count, 0) as audience_accounts_count,
        audiences.audience_count,
        audiences.audience_date,
        coalesce(panels.panel_count, 0) as panel_count,
        panels.* exclude (platform_code, panel_count),
    from sums
    left join panels on sums.platform_code = panels.platform_code
    left join posts on sums.platform_code = posts.platform_code
    left join audiences on sums.platform_code = audiences.platform_code
),

figures as (
    select
        platform_code,
        unnest([
            {
                'metric_id': 'A05', 'value': audience_count::decimal(38, 9), 'n': audience_accounts_count,
                'denominator': null::hugeint, 'as_of': audience_date, 'source_id': audience_source_id
            },
            {
                'metric_id': 'A07', 'value': {{ growth('panel_audience_count', 'panel_previous_count') }},
                'n': case when panel_previous_count > 0 then panel_count else 0 end,
                'denominator': panel_previous_count, 'as_of': panel_date,
                'source_id': panel_source_id
            },
            {
                'metric_id': 'C01', 'value': accounts_count::decimal(38, 9), 'n': collected_count,
                'denominator': null, 'as_of': posts_date, 'source_id': posts_source_id
            },
            {
                'metric_id': 'T03',
                'value': {{ ratio('(posts_per_day_sum * 1000000000)', 'collected_count::hugeint * 1000000000') }},
                'n': collected_count, 'denominator': collected_count, 'as_of': posts_date,
                'source_id': posts_source_id
            },
            {
                'metric_id': 'T05', 'value': posts_count::decimal(38, 9), 'n': collected_count,
                'denominator': null, 'as_of': posts_date, 'source_id': posts_source_id
            },
            {
                'metric_id': 'V02', 'value': silent_count::decimal(38, 9), 'n': replies_known_count,
                'denominator': null, 'as_of': posts_date, 'source_id': posts_source_id
            }
        ]) as figure,
    from known
)

select
    platform_code,
    'in_office' as scope,
    figure.metric_id,
    case when figure.n > 0 then figure.value end as value,
    figure.n,
    case when figure.n > 0 then figure.denominator end as denominator,
    case when figure.n > 0 then figure.as_of end as as_of,
    case when figure.n > 0 then figure.source_id end as source_id,
from figures
