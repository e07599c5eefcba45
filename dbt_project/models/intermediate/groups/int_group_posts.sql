with

terms as (
    select * from {{ ref('int_group_terms') }} where posts_count is not null
),

posts as ({{ post_sums('terms', 'year, platform_code, group_type_code, group_code, account_id') }}),

collected as (
    select
        year,
        platform_code,
        group_type_code,
        group_code,
        account_id,
        bool_and(replies_to_others_count is not null) as has_replies,
    from terms
    group by year, platform_code, group_type_code, group_code, account_id
),

accounts as (
    select
        collected.*,
        {{ post_columns('true', 'collected.has_replies') }},
    from collected
    left join posts using (year, platform_code, group_type_code, group_code, account_id)
)

select
    year,
    platform_code,
    group_type_code,
    group_code,
    count(*) as collected_accounts_count,
    sum(posts_count) as posts_count,
    sum(original_posts_count) as original_posts_count,
    count_if(posts_count = 0) as accounts_without_posts_count,
    {{ sum_if_known('replies_to_others_count', 'true') }} as replies_to_others_count,
    {{ sum_if_known('reposts_received_count', 'true') }} as reposts_received_count,
    {{ sum_if_known('likes_received_count', 'true') }} as likes_received_count,
    {{ sum_if_known(interactions(), 'true') }} as interactions_count,
    {{ top_tenth_sum(interactions()) }} as top_tenth_interactions_count,
from accounts
group by year, platform_code, group_type_code, group_code
