with

terms as (
    select * from {{ ref('int_group_terms') }} where posts_count is not null
),

-- A post by the holder of two offices is one post, which falls into both terms.
posts as (
    select
        post_id,
        account_id,
        list_sort(list(tenure_id)) as tenure_ids,
        any_value(is_original) as is_original,
        any_value(is_reply_to_other) as is_reply_to_other,
        any_value(reposts_received_count) as reposts_received_count,
        any_value(likes_received_count) as likes_received_count,
    from {{ ref('int_posts') }}
    where is_in_office
    group by post_id, account_id
),

-- Summed up before the groups are joined on: the posts are many, the sets of terms they fall into are few.
sums as (
    select
        account_id,
        tenure_ids,
        count(*) as posts_count,
        count_if(is_original) as original_posts_count,
        count_if(is_reply_to_other) as replies_to_others_count,
        {{ sum_if_known('reposts_received_count', 'is_original') }} as reposts_received_count,
        {{ sum_if_known('likes_received_count', 'is_original') }} as likes_received_count,
    from posts
    group by account_id, tenure_ids
),

group_sums as (
    select distinct
        terms.platform_code,
        terms.group_type_code,
        terms.group_code,
        sums.* exclude (tenure_id),
    from (select *, unnest(tenure_ids) as tenure_id from sums) as sums
    inner join terms on sums.tenure_id = terms.tenure_id
),

collected as (
    select
        platform_code,
        group_type_code,
        group_code,
        account_id,
        bool_and(replies_to_others_count is not null) as has_replies,
    from terms
    group by platform_code, group_type_code, group_code, account_id
),

accounts as (
    select
        collected.platform_code,
        collected.group_type_code,
        collected.group_code,
        collected.account_id,
        coalesce(sum(group_sums.posts_count), 0) as posts_count,
        coalesce(sum(group_sums.original_posts_count), 0) as original_posts_count,
        case when bool_and(collected.has_replies) then coalesce(sum(group_sums.replies_to_others_count), 0) end
            as replies_to_others_count,
        {{ sum_if_known('group_sums.reposts_received_count', 'group_sums.account_id is not null') }}
            as reposts_received_count,
        {{ sum_if_known('group_sums.likes_received_count', 'group_sums.account_id is not null') }}
            as likes_received_count,
    from collected
    left join group_sums
        on
            collected.platform_code = group_sums.platform_code
            and collected.group_type_code = group_sums.group_type_code
            and collected.group_code = group_sums.group_code
            and collected.account_id = group_sums.account_id
    group by collected.platform_code, collected.group_type_code, collected.group_code, collected.account_id
)

select
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
    {{ sum_if_known('reposts_received_count + likes_received_count', 'true') }} as interactions_count,
    {{ top_tenth_sum('reposts_received_count + likes_received_count') }} as top_tenth_interactions_count,
from accounts
group by platform_code, group_type_code, group_code
