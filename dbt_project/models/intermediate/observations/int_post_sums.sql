with

at_once as ({{ offices_at_once() }}),

in_office as not materialized (
    select * from {{ ref('int_posts') }} where is_in_office
),

-- Where an account has two tenures at once, a post has two rows: here they become one. Elsewhere no grouping is needed.
posts as (
    select
        year,
        post_id,
        account_id,
        list_sort(list(tenure_id)) as tenure_ids,
        any_value(is_original) as is_original,
        any_value(is_reply_to_other) as is_reply_to_other,
        any_value(reposts_received_count) as reposts_received_count,
        any_value(likes_received_count) as likes_received_count,
    from in_office
    semi join at_once on {{ at_once('in_office', 'at_once') }}
    group by year, post_id, account_id
    union all by name
    select
        year,
        account_id,
        [tenure_id] as tenure_ids,
        is_original,
        is_reply_to_other,
        reposts_received_count,
        likes_received_count,
    from in_office
    anti join at_once on {{ at_once('in_office', 'at_once') }}
)

select
    year,
    account_id,
    tenure_ids,
    count(*) as posts_count,
    {{ count_if_known('is_original') }} as original_posts_count,
    {{ count_if_known('is_reply_to_other') }} as replies_to_others_count,
    {{ sum_if_known('reposts_received_count', 'is_original') }} as reposts_received_count,
    {{ sum_if_known('likes_received_count', 'is_original') }} as likes_received_count,
from posts
group by year, account_id, tenure_ids
