with

figures as (
    select * from {{ ref('int_ranked_accounts') }} where metric_id in ('A01', 'T05', 'E01')
),

members as (
    select * from {{ ref('int_account_group_members') }}
),

holder_accounts as (
    select * from {{ ref('int_holder_accounts') }}
),

-- The accounts of a group, each once, whatever states the offices are of.
accounts as (
    select
        members.subject,
        members.subject_name,
        members.platform_code,
        members.account_id,
        members.holder_id,
        bool_or(holder_accounts.has_posts) as has_posts,
        bool_and(holder_accounts.has_replies) as has_replies,
        last(holder_accounts.audience_count order by holder_accounts.audience_at)
            filter (holder_accounts.audience_count is not null) as audience_count,
    from members
    inner join holder_accounts
        on members.account_id = holder_accounts.account_id and members.holder_id = holder_accounts.holder_id
    group by all
),

audiences as (
    select
        subject,
        platform_code,
        any_value(subject_name) as subject_name,
        'A01' as metric_id,
        sum(audience_count)::decimal(38, 9) as value,
        count(audience_count) as n,
    from accounts
    where audience_count is not null
    group by subject, platform_code
),

counts as (
    select
        accounts.subject,
        accounts.platform_code,
        any_value(accounts.subject_name) as subject_name,
        {{ post_sums() }},
    from accounts
    left join {{ ref('int_holder_posts') }} as posts
        on accounts.account_id = posts.account_id and accounts.holder_id = posts.holder_id
    where accounts.has_posts
    group by accounts.subject, accounts.platform_code
),

sums as (
    select * from audiences
    union all by name
    select
        subject,
        platform_code,
        subject_name,
        unnest([
            {'metric_id': 'T05', 'value': posts_count::decimal(38, 9), 'n': posts_count},
            {
                'metric_id': 'E01', 'value': {{ ratio('reposts_received_count', 'original_posts_count') }},
                'n': original_posts_count
            }
        ], recursive := true),
    from counts
),

-- When and by whom the accounts of a group were seen.
sightings as (
    select
        members.subject,
        members.platform_code,
        figures.metric_id,
        max(figures.as_of) as as_of,
        string_agg(distinct figures.source_id, ' ' order by figures.source_id) as source_id,
    from members
    inner join figures on members.account_id = figures.account_id and members.holder_id = figures.holder_id
    group by all
)

select
    sums.*,
    sightings.as_of,
    sightings.source_id,
from sums
inner join sightings
    on
        sums.subject = sightings.subject
        and sums.platform_code = sightings.platform_code
        and sums.metric_id = sightings.metric_id
union all by name
-- Accounts that are not summed are ranked beside the groups, each for itself.
select figures.* exclude (tenure_id, account_id, holder_id)
from figures
left join members on figures.account_id = members.account_id and figures.holder_id = members.holder_id
where members.account_id is null
