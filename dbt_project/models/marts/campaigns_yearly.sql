with

campaigns as (
    select * from {{ ref('int_campaign_accounts') }}
),

accounts as ({{ roster_at_cut('stg_roster__accounts') }}),

posts as (
    select * from {{ ref('int_content_posts') }}
),

-- A post counts once, whatever number of the campaign's hashtags and of holders it has.
posted as (
    select distinct
        campaigns.campaign_id,
        posts.account_id,
        posts.post_id,
        posts.posted_date,
        posts.hashtags is not null as is_known,
        coalesce(list_has_any(posts.hashtags, campaigns.hashtags), false) as is_part,
        posts.reposts_received_count,
        posts.likes_received_count,
    from campaigns
    inner join posts
        on
            campaigns.account_id = posts.account_id
            and posts.posted_date between campaigns.first_date and campaigns.last_date
),

counts as (
    select
        campaign_id,
        account_id,
        count(*) as original_posts_count,
        count_if(is_known) as known_posts_count,
        case when count_if(is_known) > 0 then count_if(is_part) end as posts_count,
        min(posted_date) filter (is_part) as first_posted_date,
        max(posted_date) filter (is_part) as last_posted_date,
        {{ sum_if_known('reposts_received_count', 'is_part') }} as reposts_received_count,
        {{ sum_if_known('likes_received_count', 'is_part') }} as likes_received_count,
    from posted
    group by campaign_id, account_id
),

-- Collected and no post on those days gives true zeros; not collected gives nothing.
known as (
    select
        campaigns.*,
        counts.original_posts_count is distinct from counts.known_posts_count as has_unknown,
        counts.first_posted_date,
        counts.last_posted_date,
        case when counts.account_id is null then 0 else counts.posts_count end as posts_count,
        case when counts.account_id is null then 0 else counts.known_posts_count end as known_posts_count,
        case when counts.account_id is null then 0 else counts.reposts_received_count end as reposts_received_count,
        case when counts.account_id is null then 0 else counts.likes_received_count end as likes_received_count,
    from campaigns
    left join counts on campaigns.campaign_id = counts.campaign_id and campaigns.account_id = counts.account_id
    where campaigns.is_collected
)

select
    {{ var('year') }}::integer as year,
    campaigns.campaign_id,
    campaigns.platform_code,
    campaigns.account_id,
    campaigns.campaign_name,
    campaigns.start_date,
    campaigns.end_date,
    accounts.country_code,
    known.posts_count::bigint as posts_count,
    known.known_posts_count::bigint as known_posts_count,
    known.first_posted_date,
    known.last_posted_date,
    case when known.posts_count is not null then known.reposts_received_count end::bigint as reposts_received_count,
    case when known.posts_count is not null then known.likes_received_count end::bigint as likes_received_count,
    case when known.posts_count is not null then known.has_unknown or not known.is_whole end as is_partial,
from campaigns
inner join accounts on campaigns.account_id = accounts.account_id
left join known on campaigns.campaign_id = known.campaign_id and campaigns.account_id = known.account_id
