with

countries as ({{ roster_at_cut('stg_roster__countries') }}),

platforms as ({{ roster_at_cut('stg_roster__platforms') }}),

-- An account that was listed anew under another handle is listed since its first listing.
listed as (
    select
        accounts.* exclude (listed_date),
        versions.listed_date,
    from ({{ roster_at_cut('stg_roster__accounts') }}) as accounts
    inner join (
        select
            account_id,
            min(listed_date) as listed_date,
        from {{ ref('stg_roster__accounts') }}
        where ledger_position <= {{ var('cut') }}
        group by account_id
    ) as versions on accounts.account_id = versions.account_id
),

-- A platform on which nobody was looked for or listed by then has no rows.
seen as (
    select platform_code from {{ ref('coverage_yearly') }}
    union
    select platform_code from listed where listed_date <= {{ window_end_date() }}
),

memberships as (
    select * from {{ ref('int_memberships') }}
),

-- The accounts of a state: one that passed from one holder to the next counts once, with the audience last seen.
accounts as (
    select
        account_id,
        platform_code,
        country_code,
        bool_or(has_posts) as has_posts,
        bool_and(has_replies) as has_replies,
        last(audience_code order by audience_at) filter (audience_count is not null) as audience_code,
        last(audience_count order by audience_at) filter (audience_count is not null) as audience_count,
        max(audience_at) as audience_at,
    from {{ ref('int_holder_accounts') }}
    group by account_id, platform_code, country_code
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
    where listed_date <= {{ window_end_date() }}
    group by country_code, platform_code
),

sums as (
    select
        country_code,
        platform_code,
        count(*) as accounts_count,
        count_if(has_posts) as collected_accounts_count,
        string_agg(distinct audience_code, ' ' order by audience_code) as audience_code,
        count(audience_count) as audience_accounts_count,
        sum(audience_count) as audience_count,
        max(audience_at) as audience_at,
    from accounts
    group by country_code, platform_code
),

posts as (
    select
        accounts.country_code,
        accounts.platform_code,
        {{ post_sums() }},
    from accounts
    left join {{ ref('int_holder_posts') }} as posts
        on accounts.account_id = posts.account_id and list_contains(posts.country_codes, accounts.country_code)
    where accounts.has_posts
    group by accounts.country_code, accounts.platform_code
)

select
    {{ var('year') }}::integer as year,
    countries.country_code,
    platforms.platform_code,
    countries.country_name,
    coalesce(memberships.is_un_member, false) as is_un_member,
    memberships.region_code,
    memberships.subregion_code,
    coalesce(coverage.status, 'not_collected') as status,
    coalesce(listings.listed_accounts_count, 0)::bigint as listed_accounts_count,
    coalesce(sums.accounts_count, 0)::bigint as accounts_count,
    coalesce(sums.collected_accounts_count, 0)::bigint as collected_accounts_count,
    {{ post_columns() }},
    sums.audience_code,
    coalesce(sums.audience_accounts_count, 0)::bigint as audience_accounts_count,
    sums.audience_count::bigint as audience_count,
    sums.audience_at,
from countries
cross join platforms
inner join seen on platforms.platform_code = seen.platform_code
left join memberships on countries.country_code = memberships.country_code
{% for part in ['coverage', 'listings', 'sums', 'posts'] -%}
left join {{ part }}
    on countries.country_code = {{ part }}.country_code and platforms.platform_code = {{ part }}.platform_code
{% endfor %}
