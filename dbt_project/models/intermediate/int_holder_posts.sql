with

posts as (
    select * from {{ ref('int_posts') }} where is_in_office
)

-- A post by the holder of two offices is one post.
select
    post_id,
    account_id,
    split_part(post_id, ':', 1) as platform_code,
    holder_id,
    list_sort(list_distinct(list(country_code))) as country_codes,
    any_value(is_original) as is_original,
    any_value(is_reply_to_other) as is_reply_to_other,
    any_value(reposts_received_count) as reposts_received_count,
    any_value(likes_received_count) as likes_received_count,
from posts
group by post_id, account_id, holder_id
