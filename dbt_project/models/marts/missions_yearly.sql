with

offices as (
    select * from {{ ref('int_mission_offices') }}
),

tenures as (
    select * from {{ ref('int_mission_accounts') }}
),

sites as (
    select
        site_number,
        any_value(country_code) as country_code,
        any_value(category_code) as category_code,
        any_value(host_country_code) as host_country_code,
        any_value(host_name) as host_name,
        count(*) as missions_count,
    from offices
    group by site_number
),

-- Every place on every platform on which some mission is: where no account is known of, nothing is known, not 0.
places as (
    select
        sites.*,
        platforms.platform_code,
    from sites
    cross join (select distinct platform_code from tenures) as platforms
),

accounts as (
    select
        site_number,
        platform_code,
        account_id,
        bool_or(is_collected) as is_collected,
        last(audience_code order by audience_at) filter (audience_count is not null) as audience_code,
        last(audience_count order by audience_at) filter (audience_count is not null) as audience_count,
        max(audience_at) as audience_at,
    from tenures
    group by site_number, platform_code, account_id
),

sums as (
    select
        site_number,
        platform_code,
        count(*) as accounts_count,
        count_if(is_collected) as collected_accounts_count,
        string_agg(distinct audience_code, ' ' order by audience_code) as audience_code,
        count(audience_count) as audience_accounts_count,
        sum(audience_count) as audience_count,
        max(audience_at) as audience_at,
    from accounts
    group by site_number, platform_code
),

-- A post by the head of two missions in one place is one post.
online as (
    select
        tenures.site_number,
        tenures.platform_code,
        count(distinct tenures.office_code) as online_missions_count,
        count(distinct posts.post_id) as posts_count,
    from tenures
    left join {{ ref('int_posts') }} as posts
        on
            tenures.tenure_id = posts.tenure_id
            and posts.posted_at >= tenures.start_at
            and posts.posted_at < tenures.end_at
    group by tenures.site_number, tenures.platform_code
)

select
    {{ var('year') }}::integer as year,
    places.country_code,
    places.category_code,
    places.host_country_code,
    places.host_name,
    places.platform_code,
    places.missions_count::bigint as missions_count,
    online.online_missions_count::bigint as online_missions_count,
    {{ ratio('online.online_missions_count', 'places.missions_count') }} as online_share,
    coalesce(sums.accounts_count, 0)::bigint as accounts_count,
    coalesce(sums.collected_accounts_count, 0)::bigint as collected_accounts_count,
    case when sums.collected_accounts_count > 0 then online.posts_count end::bigint as posts_count,
    sums.audience_code,
    coalesce(sums.audience_accounts_count, 0)::bigint as audience_accounts_count,
    sums.audience_count::bigint as audience_count,
    sums.audience_at,
from places
left join online on places.site_number = online.site_number and places.platform_code = online.platform_code
left join sums on places.site_number = sums.site_number and places.platform_code = sums.platform_code
