with

countries as ({{ roster_at_cut('stg_roster__countries') }}),

platforms as ({{ roster_at_cut('stg_roster__platforms') }}),

listed as ({{ roster_at_cut('stg_roster__accounts') }}),

groups as (
    select *
    from ({{ roster_at_cut('stg_roster__country_groups') }})
    where
        coalesce(start_date <= {{ window_end_date() }}, true)
        and coalesce(end_date >= {{ window_end_date() }}, true)
),

memberships as (
    select
        country_code,
        bool_or(group_type_code = 'un') as is_un_member,
        max(group_code) filter (group_type_code = 'm49-region') as region_code,
        max(group_code) filter (group_type_code = 'm49-subregion') as subregion_code,
    from groups
    group by country_code
),

-- Present in one scope is present; absent needs a look that found none.
coverage as (
    select
        country_code,
        platform_code,
        case
            when bool_or(status = 'present') then 'present'
            when bool_or(status = 'absent') then 'absent'
            else 'not_collected'
        end as status,
    from {{ ref('coverage_yearly') }}
    group by country_code, platform_code
),

listings as (
    select
        country_code,
        platform_code,
        count(*) as listed_accounts_count,
    from listed
    group by country_code, platform_code
),

accounts as (
    select
        country_code,
        platform_code,
        count(distinct account_id) as accounts_count,
        count(distinct holder_id) as holders_count,
        count(distinct account_id) filter (has_posts) as collected_accounts_count,
        bool_and(has_replies) as has_replies,
        any_value(audience_code) as audience_code,
        count(distinct account_id) filter (audience_count is not null) as audience_accounts_count,
        max(audience_at) as audience_at,
    from {{ ref('int_holder_accounts') }}
    group by country_code, platform_code
),

-- An account that passed from one holder to the next has one audience: the last seen.
audiences as (
    select
        country_code,
        platform_code,
        sum(audience_count) as audience_count,
    from (
        select *
        from {{ ref('int_holder_accounts') }}
        where audience_count is not null
        qualify row_number() over (partition by account_id, country_code order by audience_at desc, holder_id) = 1
    )
    group by country_code, platform_code
),

posts as (
    select
        country_code,
        platform_code,
        count(*) as posts_count,
        count_if(is_original) as original_posts_count,
        case when count(is_reply_to_other) = count(*) then count_if(is_reply_to_other) end as replies_to_others_count,
        {{ sum_if_known('reposts_received_count', 'is_original') }} as reposts_received_count,
        {{ sum_if_known('likes_received_count', 'is_original') }} as likes_received_count,
    from (
        select *
        from {{ ref('int_holder_posts') }}
        qualify row_number() over (partition by post_id, country_code order by holder_id) = 1
    )
    group by country_code, platform_code
),

figures as (
    select
        countries.country_code,
        countries.country_name,
        platforms.platform_code,
        coalesce(memberships.is_un_member, false) as is_un_member,
        memberships.region_code,
        memberships.subregion_code,
        coalesce(coverage.status, 'not_collected') as status,
        coalesce(listings.listed_accounts_count, 0) as listed_accounts_count,
        coalesce(accounts.accounts_count, 0) as accounts_count,
        coalesce(accounts.holders_count, 0) as holders_count,
        coalesce(accounts.collected_accounts_count, 0) as collected_accounts_count,
        case when accounts.collected_accounts_count > 0 then coalesce(posts.posts_count, 0) end as posts_count,
        case when accounts.collected_accounts_count > 0 then coalesce(posts.original_posts_count, 0) end
            as original_posts_count,
        case
            when accounts.collected_accounts_count > 0 and accounts.has_replies
                then case when posts.country_code is null then 0 else posts.replies_to_others_count end
        end as replies_to_others_count,
        case
            when accounts.collected_accounts_count > 0
                then case when posts.country_code is null then 0 else posts.reposts_received_count end
        end as reposts_received_count,
        case
            when accounts.collected_accounts_count > 0
                then case when posts.country_code is null then 0 else posts.likes_received_count end
        end as likes_received_count,
        accounts.audience_code,
        coalesce(accounts.audience_accounts_count, 0) as audience_accounts_count,
        audiences.audience_count,
        accounts.audience_at,
    from countries
    cross join platforms
    left join memberships on countries.country_code = memberships.country_code
    {% for part in ['coverage', 'listings', 'accounts', 'audiences', 'posts'] %}
        left join {{ part }}
            on countries.country_code = {{ part }}.country_code and platforms.platform_code = {{ part }}.platform_code
    {% endfor %}
)

select
    {{ var('year') }}::integer as year,
    country_code,
    platform_code,
    country_name,
    is_un_member,
    region_code,
    subregion_code,
    status,
    listed_accounts_count::bigint as listed_accounts_count,
    accounts_count::bigint as accounts_count,
    holders_count::bigint as holders_count,
    collected_accounts_count::bigint as collected_accounts_count,
    posts_count::bigint as posts_count,
    original_posts_count::bigint as original_posts_count,
    replies_to_others_count::bigint as replies_to_others_count,
    {{ ratio('replies_to_others_count', 'posts_count') }} as reply_share,
    reposts_received_count::bigint as reposts_received_count,
    {{ ratio('reposts_received_count', 'original_posts_count') }} as reposts_per_original_post,
    likes_received_count::bigint as likes_received_count,
    {{ ratio('likes_received_count', 'original_posts_count') }} as likes_per_original_post,
    audience_code,
    audience_accounts_count::bigint as audience_accounts_count,
    audience_count::bigint as audience_count,
    audience_at,
from figures
