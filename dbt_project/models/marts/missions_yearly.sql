with

offices as (
    select * from {{ ref('int_mission_offices') }}
),

tenures as (
    select * from {{ ref('int_mission_accounts') }}
),

states as (
    select * from {{ ref('int_states') }}
),

sites as (
    select
        year,
        site_number,
        any_value(country_code) as country_code,
        any_value(category_code) as category_code,
        any_value(host_country_code) as host_country_code,
        any_value(host_name) as host_name,
        count(*) as missions_count,
    from offices
    group by year, site_number
),

platforms as (
    select distinct
        year,
        platform_code,
    from tenures
),

-- Every place with every platform that any mission uses. A place without a known account has empty figures, not 0.
places as (
    select
        sites.*,
        platforms.platform_code,
    from sites
    inner join platforms using (year)
),

accounts as (
    select
        year,
        site_number,
        platform_code,
        account_id,
        bool_or(is_collected) as is_collected,
        last(audience_code order by audience_at) filter (audience_count is not null) as audience_code,
        last(audience_count order by audience_at) filter (audience_count is not null) as audience_count,
        max(audience_at) as audience_at,
    from tenures
    group by year, site_number, platform_code, account_id
),

online as (
    select
        year,
        site_number,
        platform_code,
        count(distinct office_code) as online_missions_count,
    from tenures
    group by year, site_number, platform_code
),

sums as (
    select
        year,
        site_number,
        platform_code,
        count(*) as accounts_count,
        count_if(is_collected) as collected_accounts_count,
        coalesce(sum(posts.posts_count), 0) as posts_count,
        string_agg(distinct audience_code, ' ' order by audience_code) as audience_code,
        count(audience_count) as audience_accounts_count,
        sum(audience_count) as audience_count,
        max(audience_at) as audience_at,
    from accounts
    left join {{ ref('int_site_posts') }} as posts using (year, site_number, account_id)
    group by year, site_number, platform_code
)

select
    year,
    places.country_code,
    places.category_code,
    places.host_country_code,
    places.host_name,
    platform_code,
    states.country_name,
    {{ name_of('category', 'places.category_code') }} as category_name,
    hosts.country_name as host_country_name,
    places.missions_count::bigint as missions_count,
    online.online_missions_count::bigint as online_missions_count,
    {{ ratio('online.online_missions_count', 'places.missions_count') }} as online_share,
    coalesce(sums.accounts_count, 0)::bigint as accounts_count,
    coalesce(sums.collected_accounts_count, 0)::bigint as collected_accounts_count,
    case when sums.collected_accounts_count > 0 then sums.posts_count end::bigint as posts_count,
    sums.audience_code,
    coalesce(sums.audience_accounts_count, 0)::bigint as audience_accounts_count,
    sums.audience_count::bigint as audience_count,
    sums.audience_at,
from places
inner join states using (year, country_code)
left join states as hosts on places.year = hosts.year and places.host_country_code = hosts.country_code
left join online using (year, site_number, platform_code)
left join sums using (year, site_number, platform_code)
