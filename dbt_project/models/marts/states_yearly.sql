with

states as (
    select * from {{ ref('int_states') }}
),

platforms as ({{ roster_at_cut('stg_roster__platforms') }}),

-- An account that was listed again under another handle counts from its first listing on.
listed as (
    select
        accounts.* exclude (listed_date),
        versions.listed_date,
    from {{ ref('int_accounts') }} as accounts
    inner join (
        select
            coalesce(joins.account_id, listings.account_id) as account_id,
            min(listings.listed_date) as listed_date,
        from {{ ref('stg_roster__accounts') }} as listings
        left join {{ ref('int_account_joins') }} as joins on listings.account_id = joins.listed_account_id
        where listings.ledger_position <= {{ cut() }}
        group by coalesce(joins.account_id, listings.account_id)
    ) as versions on accounts.account_id = versions.account_id
),

listings as (
    select
        editions.year,
        listed.country_code,
        listed.platform_code,
        count(*) as listed_accounts_count,
    from listed
    inner join {{ ref('int_editions') }} as editions on listed.listed_date <= editions.window_end_date
    group by editions.year, listed.country_code, listed.platform_code
),

-- A state is present if one scope or a sighting says so, and otherwise absent if one scope says so.
coverage as (
    select
        year,
        country_code,
        platform_code,
        case
            when bool_or(status = 'present') then 'present'
            when bool_or(status = 'absent') then 'absent'
            else 'not_collected'
        end as status,
    from (
        select
            year,
            country_code,
            platform_code,
            status,
        from {{ ref('coverage_yearly') }}
        union all
        select
            year,
            country_code,
            platform_code,
            'present' as status,
        from {{ ref('int_observed_presence') }}
    ) as looks_and_sightings
    group by year, country_code, platform_code
),

-- A platform has rows in a year if states were searched for on it, or if one of its accounts was listed by the year's
-- end.
seen as (
    select
        year,
        platform_code,
    from coverage
    union
    select
        year,
        platform_code,
    from listings
),

-- The accounts of a state. An account that passed from one holder to the next counts once, with the audience seen last.
accounts as (
    select
        year,
        account_id,
        platform_code,
        country_code,
        bool_or(has_posts) as has_posts,
        bool_and(has_replies) as has_replies,
        case when bool_or(has_posts) then bool_or(coalesce(is_partial, true)) end as is_partial,
        last(audience_code order by audience_at) filter (audience_count is not null) as audience_code,
        last(audience_count order by audience_at) filter (audience_count is not null) as audience_count,
        max(audience_at) as audience_at,
    from {{ ref('int_holder_accounts') }}
    group by year, account_id, platform_code, country_code
),

sums as (
    select
        year,
        country_code,
        platform_code,
        count(*) as accounts_count,
        count_if(has_posts) as collected_accounts_count,
        bool_and(has_replies) filter (has_posts) as has_replies,
        bool_or(is_partial) as is_partial,
        string_agg(distinct audience_code, ' ' order by audience_code) as audience_code,
        count(audience_count) as audience_accounts_count,
        sum(audience_count) as audience_count,
        max(audience_at) as audience_at,
    from accounts
    group by year, country_code, platform_code
),

collected as (
    select figures.*
    from {{ ref('int_tenure_figures') }} as figures
    semi join (select * from accounts where has_posts) as accounts using (year, account_id, country_code)
),

posts as ({{ post_sums('collected', 'year, country_code, platform_code') }})

select
    year,
    country_code,
    platform_code,
    states.country_name,
    states.is_un_member,
    states.region_code,
    states.region_name,
    states.subregion_code,
    states.subregion_name,
    coalesce(coverage.status, 'not_collected') as status,
    coalesce(listings.listed_accounts_count, 0)::bigint as listed_accounts_count,
    coalesce(sums.accounts_count, 0)::bigint as accounts_count,
    coalesce(sums.collected_accounts_count, 0)::bigint as collected_accounts_count,
    {{ post_columns('sums.collected_accounts_count > 0', 'sums.has_replies') }},
    sums.audience_code,
    coalesce(sums.audience_accounts_count, 0)::bigint as audience_accounts_count,
    sums.audience_count::bigint as audience_count,
    sums.audience_at,
    sums.is_partial,
from states
inner join seen using (year)
inner join platforms using (platform_code)
{% for part in ['coverage', 'listings', 'sums', 'posts'] -%}
    left join {{ part }} using (year, country_code, platform_code)
{% endfor %}
