with

tenures as (
    select * from {{ ref('int_tenures') }} where holder_kind_code = 'person'
),

accounts as (
    select *
    from {{ ref('int_holder_accounts') }}
    qualify row_number() over (partition by account_id, holder_id order by has_posts desc, audience_at desc, country_code) = 1
),

-- Offices overlap; each day counts once.
days as (
    select
        holder_id,
        platform_code,
        count(distinct day_date) as days_in_office_count,
    from (
        select
            holder_id,
            platform_code,
            unnest(generate_series(tenure_start_date, tenure_end_date, interval 1 day))::date as day_date,
        from tenures
    )
    group by holder_id, platform_code
),

people as (
    select
        holder_id,
        any_value(holder_name) as holder_name,
        any_value(wikidata_id) as wikidata_id,
        platform_code,
        string_agg(distinct country_code, ' ' order by country_code) as country_codes,
        string_agg(distinct office_code, ' ' order by office_code) as office_codes,
        string_agg(distinct account_id, ' ' order by account_id) as account_ids,
        min(tenure_start_date) as first_date,
        max(tenure_end_date) as last_date,
    from tenures
    group by holder_id, platform_code
),

sums as (
    select
        holder_id,
        platform_code,
        count(*) as accounts_count,
        count_if(has_posts) as collected_accounts_count,
        bool_and(has_replies) as has_replies,
        bool_or(is_partial) as is_partial,
        any_value(audience_code) as audience_code,
        count(audience_count) as audience_accounts_count,
        sum(audience_count) as audience_count,
        max(audience_at) as audience_at,
    from accounts
    group by holder_id, platform_code
),

posts as (
    select
        holder_id,
        platform_code,
        count(*) as posts_count,
        count_if(is_original) as original_posts_count,
        case when count(is_reply_to_other) = count(*) then count_if(is_reply_to_other) end as replies_to_others_count,
        {{ sum_if_known('reposts_received_count', 'is_original') }} as reposts_received_count,
        {{ sum_if_known('likes_received_count', 'is_original') }} as likes_received_count,
    from (
        select *
        from {{ ref('int_holder_posts') }}
        qualify row_number() over (partition by post_id, holder_id order by country_code) = 1
    )
    group by holder_id, platform_code
),

figures as (
    select
        people.*,
        days.days_in_office_count,
        sums.* exclude (holder_id, platform_code),
        case when sums.collected_accounts_count > 0 then coalesce(posts.posts_count, 0) end as posts_count,
        case when sums.collected_accounts_count > 0 then coalesce(posts.original_posts_count, 0) end
            as original_posts_count,
        case
            when sums.collected_accounts_count > 0 and sums.has_replies
                then case when posts.holder_id is null then 0 else posts.replies_to_others_count end
        end as replies_to_others_count,
        case
            when sums.collected_accounts_count > 0
                then case when posts.holder_id is null then 0 else posts.reposts_received_count end
        end as reposts_received_count,
        case
            when sums.collected_accounts_count > 0
                then case when posts.holder_id is null then 0 else posts.likes_received_count end
        end as likes_received_count,
    from people
    inner join sums on people.holder_id = sums.holder_id and people.platform_code = sums.platform_code
    inner join days on people.holder_id = days.holder_id and people.platform_code = days.platform_code
    left join posts on people.holder_id = posts.holder_id and people.platform_code = posts.platform_code
)

select
    {{ var('year') }}::integer as year,
    holder_id,
    platform_code,
    holder_name,
    wikidata_id,
    country_codes,
    office_codes,
    first_date,
    last_date,
    days_in_office_count::bigint as days_in_office_count,
    account_ids,
    accounts_count::bigint as accounts_count,
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
    is_partial,
from figures
