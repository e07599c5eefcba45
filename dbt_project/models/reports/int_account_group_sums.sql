with

-- The accounts of a group, each once, even if its holder has offices of several states.
accounts as (
    select
        year,
        members.subject,
        members.subject_name,
        members.platform_code,
        account_id,
        holder_id,
        bool_or(accounts.has_posts) as has_posts,
        bool_and(accounts.has_replies) as has_replies,
        case when bool_or(accounts.has_posts) then bool_or(coalesce(accounts.is_partial, true)) end as is_partial,
        last(accounts.audience_count order by accounts.audience_at)
        filter (accounts.audience_count is not null) as audience_count,
        max(accounts.audience_at) as audience_at,
        {{ united('accounts.audience_source_id') }} as audience_source_id,
        min(accounts.audience_unranked_reason) as audience_unranked_reason,
        max(accounts.engagement_observed_at) as engagement_observed_at,
        {{ united('accounts.source_id') }} as source_id,
    from {{ ref('int_account_group_members') }} as members
    inner join {{ ref('int_holder_accounts') }} as accounts using (year, account_id, holder_id)
    group by year, members.subject, members.subject_name, members.platform_code, account_id, holder_id
),

sums as (
    select
        year,
        subject,
        platform_code,
        any_value(subject_name) as subject_name,
        count_if(has_posts) as collected_accounts_count,
        bool_and(has_replies) filter (has_posts) as has_replies,
        bool_or(is_partial) as is_partial,
        count(audience_count) as audience_accounts_count,
        sum(audience_count) as audience_count,
        max(audience_at) as audience_at,
        {{ united('audience_source_id') }} as audience_source_id,
        min(audience_unranked_reason) as audience_unranked_reason,
        max(engagement_observed_at) as engagement_observed_at,
        {{ united('source_id') }} as source_id,
    from accounts
    group by year, subject, platform_code
),

collected as (
    select
        accounts.subject,
        figures.*,
    from {{ ref('int_tenure_figures') }} as figures
    inner join accounts using (year, account_id, holder_id)
    where accounts.has_posts
),

posts as ({{ post_sums('collected', 'year, subject, platform_code') }})

select
    year,
    subject,
    platform_code,
    sums.subject_name,
    {{ post_columns('sums.collected_accounts_count > 0', 'sums.has_replies') }},
    sums.audience_accounts_count,
    sums.audience_count,
    sums.audience_at,
    sums.audience_source_id,
    sums.audience_unranked_reason,
    sums.engagement_observed_at,
    sums.source_id,
    sums.is_partial,
from sums
left join posts using (year, subject, platform_code)
