{#- The sums from which all figures on posts and audiences are computed, in the same columns for all grains. -#}
with

accounts as (
    select
        'account' as grain_code,
        account_id as subject,
        holder_name || ' (@' || handle || ')' as subject_name,
        * exclude (audience_growth_share),
        1 as audience_accounts_count,
        audience_class_code = 'observed' and previous_audience_class_code = 'observed' as is_observed_twice,
        case when is_observed_twice then audience_growth_share end as audience_growth_share,
        case when is_observed_twice then 1 end as panel_accounts_count,
        array_to_string(list_sort(list_distinct([audience_source_id, previous_audience_source_id])), ' ')
            as panel_source_id,
        audience_at as panel_audience_at,
    from {{ ref('accounts_yearly') }}
    inner join (
        select
            year,
            account_id,
            audience_unranked_reason,
        from {{ ref('int_account_figures') }}
    ) using (year, account_id)
),

-- Account groups are ranked together with the accounts that are in no summed group, so that no account is missing.
account_groups as (
    select
        'account_group' as grain_code,
        *,
    from {{ ref('int_account_group_sums') }}
    union all by name
    select * replace ('account_group' as grain_code)
    from accounts
    anti join {{ ref('int_account_group_members') }} using (year, account_id, holder_id)
),

-- When the accounts behind a sum were observed, and by which sources.
sightings as (
    select
        year,
        platform_code,
        unnest([
            {'grain_code': 'person', 'subject': holder_id},
            {'grain_code': 'state', 'subject': country_code}
        ], recursive := true),
        engagement_observed_at,
        source_id,
        audience_source_id,
        audience_unranked_reason,
    from {{ ref('int_holder_accounts') }}
),

seen as (
    select
        year,
        platform_code,
        grain_code,
        subject,
        max(engagement_observed_at) as engagement_observed_at,
        {{ united('source_id') }} as source_id,
        {{ united('audience_source_id') }} as audience_source_id,
        -- If one part of a sum may not be ranked, e.g. because it is only a bound, the sum may not be ranked either.
        min(audience_unranked_reason) as audience_unranked_reason,
    from sightings
    group by year, platform_code, grain_code, subject
),

people_and_states as (
    select
        'person' as grain_code,
        holder_id as subject,
        holder_name as subject_name,
        *,
    from {{ ref('people_yearly') }}
    union all by name
    select
        'state' as grain_code,
        country_code as subject,
        country_name as subject_name,
        *,
    from {{ ref('states_yearly') }}
),

sums as (
    select *
    from people_and_states
    inner join seen using (year, platform_code, grain_code, subject)
),

posts_per_day_terms as (
    select
        year,
        platform_code,
        group_type_code,
        group_code,
        count(posts_per_day) as posts_per_day_terms_count,
    from {{ ref('int_group_terms') }}
    group by year, platform_code, group_type_code, group_code
),

-- The group of all accounts becomes the grain `world`.
groups as (
    select
        case groups.group_type_code when 'all' then 'world' else 'group' end as grain_code,
        case groups.group_type_code
            when 'all' then 'world' else groups.group_type_code || ':' || groups.group_code
        end as subject,
        case groups.group_type_code when 'all' then 'World' else groups.group_name end as subject_name,
        groups.* exclude (audience_growth_share, panel_accounts_count),
        groups.partial_terms_count > 0 as is_partial,
        groups.audience_growth_share,
        groups.panel_accounts_count,
        audiences.previous_panel_audience_count,
        audiences.panel_audience_at,
        audiences.panel_source_id,
        terms.posts_per_day_terms_count,
    from {{ ref('groups_yearly') }} as groups
    inner join posts_per_day_terms as terms using (year, platform_code, group_type_code, group_code)
    left join {{ ref('int_group_audiences') }} as audiences
        using (year, platform_code, group_type_code, group_code)
),

-- The accounts of each mission with their audiences. One account can serve a mission in several tenures of the year.
mission_accounts as (
    select
        year,
        platform_code,
        office_code,
        account_id,
        last(audience_count order by audience_at) filter (audience_count is not null) as audience_count,
        max(audience_at) as audience_at,
        {{ united('audience_source_id') }} as audience_source_id,
        min(audience_unranked_reason) as audience_unranked_reason,
    from {{ ref('int_mission_accounts') }}
    group by year, platform_code, office_code, account_id
),

missions as (
    select
        'mission' as grain_code,
        accounts.year,
        accounts.platform_code,
        accounts.office_code as subject,
        any_value(offices.office_name) as subject_name,
        count(accounts.audience_count) as audience_accounts_count,
        sum(accounts.audience_count) as audience_count,
        max(accounts.audience_at) as audience_at,
        {{ united('accounts.audience_source_id') }} as audience_source_id,
        min(accounts.audience_unranked_reason) as audience_unranked_reason,
    from mission_accounts as accounts
    inner join {{ ref('int_offices') }} as offices using (office_code)
    where offices.category_code in ('embassy', 'consulate', 'permanent_mission', 'head_of_mission')
    group by accounts.year, accounts.platform_code, accounts.office_code
),

subjects as (
    {% for part in ['accounts', 'account_groups', 'sums', 'groups', 'missions'] -%}
        select * from {{ part }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
)

select
    year,
    platform_code,
    grain_code,
    subject,
    subject_name,
    audience_accounts_count::bigint as audience_accounts_count,
    audience_count::bigint as audience_count,
    audience_at,
    audience_source_id,
    audience_unranked_reason,
    audience_growth_share,
    panel_accounts_count::bigint as panel_accounts_count,
    previous_panel_audience_count::bigint as previous_panel_audience_count,
    panel_audience_at,
    panel_source_id,
    collected_accounts_count,
    collected_terms_count,
    posts_per_day_terms_count,
    posts_count,
    original_posts_count,
    reply_share,
    replies_known_terms_count,
    terms_without_replies_count,
    posts_per_day,
    mean_posts_per_day,
    reposts_per_original_post,
    likes_per_original_post,
    {{ interactions() }} as interactions_count,
    engagement_observed_at,
    source_id,
    is_partial,
from subjects
