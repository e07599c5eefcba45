with

terms as (
    select
        year,
        platform_code,
        group_type_code,
        group_code,
        count(distinct country_code) as states_count,
        count(distinct holder_id) as holders_count,
        count(distinct holder_id) filter (holder_kind_code = 'person') as persons_count,
        count(distinct account_id) as accounts_count,
        count(distinct account_id) filter (account_type_code = 'personal') as personal_accounts_count,
        count(distinct account_id) filter (account_type_code = 'institutional') as institutional_accounts_count,
        count(posts_count) as collected_terms_count,
        count(*) filter (is_partial) as partial_terms_count,
        sum(posts_per_day) as posts_per_day_sum,
        -- Of a sample, the posts are known and the posts per day are not.
        count(posts_per_day) as posts_per_day_terms_count,
        quantile_disc(posts_per_day, 0.5) as median_posts_per_day,
        count(reply_share) as reply_share_terms_count,
        quantile_disc(reply_share, 0.5) as median_reply_share,
        count(replies_to_others_count) as replies_known_terms_count,
        count_if(posts_count > 0 and replies_to_others_count = 0) as terms_without_replies_count,
        count(reposts_per_original_post) as reposts_known_terms_count,
        quantile_disc(reposts_per_original_post, 0.5) as median_reposts_per_original_post,
        max(engagement_observed_at) as engagement_observed_at,
        string_agg(distinct source_id, ' ' order by source_id) as source_id,
    from {{ ref('int_group_terms') }}
    group by year, platform_code, group_type_code, group_code
),

posts as (
    select * from {{ ref('int_group_posts') }}
),

audiences as (
    select * from {{ ref('int_group_audiences') }}
),

-- The member states of a group: all of them, and those that are known to be present.
members as (
    select
        year,
        platform_code,
        memberships.group_type_code,
        memberships.group_code,
        count(*) as member_states_count,
        count_if(states.status = 'present') as present_states_count,
    from {{ ref('states_yearly') }} as states
    inner join {{ ref('int_memberships') }} as memberships using (year, country_code)
    group by year, platform_code, memberships.group_type_code, memberships.group_code
)

select
    year,
    platform_code,
    group_type_code,
    group_code,
    {{ name_of('scope', "group_type_code || ':' || group_code") }} as group_name,
    members.member_states_count::bigint as member_states_count,
    members.present_states_count::bigint as present_states_count,
    terms.states_count::bigint as states_count,
    terms.holders_count::bigint as holders_count,
    terms.persons_count::bigint as persons_count,
    terms.accounts_count::bigint as accounts_count,
    terms.personal_accounts_count::bigint as personal_accounts_count,
    terms.institutional_accounts_count::bigint as institutional_accounts_count,
    coalesce(posts.collected_accounts_count, 0)::bigint as collected_accounts_count,
    terms.collected_terms_count::bigint as collected_terms_count,
    terms.partial_terms_count::bigint as partial_terms_count,
    audiences.audience_code,
    coalesce(audiences.audience_accounts_count, 0)::bigint as audience_accounts_count,
    audiences.audience_count::bigint as audience_count,
    audiences.audience_per_account,
    audiences.median_audience_count::bigint as median_audience_count,
    audiences.top_decile_audience_share,
    coalesce(audiences.panel_accounts_count, 0)::bigint as panel_accounts_count,
    audiences.audience_growth_share,
    audiences.audience_at,
    audiences.audience_source_id,
    posts.posts_count::bigint as posts_count,
    posts.original_posts_count::bigint as original_posts_count,
    posts.accounts_without_posts_count::bigint as accounts_without_posts_count,
    {{ ratio('(terms.posts_per_day_sum * 1000000000)', 'terms.posts_per_day_terms_count::hugeint * 1000000000') }}
        as mean_posts_per_day,
    terms.median_posts_per_day,
    posts.replies_to_others_count::bigint as replies_to_others_count,
    {{ ratio('posts.replies_to_others_count', 'posts.posts_count') }} as reply_share,
    terms.reply_share_terms_count::bigint as reply_share_terms_count,
    terms.median_reply_share,
    terms.replies_known_terms_count::bigint as replies_known_terms_count,
    case when terms.replies_known_terms_count > 0 then terms.terms_without_replies_count end::bigint
        as terms_without_replies_count,
    posts.reposts_received_count::bigint as reposts_received_count,
    posts.likes_received_count::bigint as likes_received_count,
    posts.interactions_count::bigint as interactions_count,
    {{ ratio('posts.reposts_received_count', 'posts.original_posts_count') }} as reposts_per_original_post,
    {{ ratio('posts.likes_received_count', 'posts.original_posts_count') }} as likes_per_original_post,
    terms.reposts_known_terms_count::bigint as reposts_known_terms_count,
    terms.median_reposts_per_original_post,
    {{ ratio('posts.top_tenth_interactions_count', 'posts.interactions_count') }} as top_decile_interactions_share,
    terms.engagement_observed_at,
    terms.source_id,
from terms
left join posts using (year, platform_code, group_type_code, group_code)
left join audiences using (year, platform_code, group_type_code, group_code)
left join members using (year, platform_code, group_type_code, group_code)
