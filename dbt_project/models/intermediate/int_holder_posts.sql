with

posts as (
    select * from {{ ref('int_posts') }} where is_in_office
)

-- A post by the holder of two offices of a state is one post.
select
    post_id,
    split_part(post_id, ':', 1) as platform_code,
    account_id,
    holder_id,
    country_code,
    is_original,
    is_repost,
    is_reply_to_other,
    reposts_received_count,
    likes_received_count,
    source_id,
from posts
qualify row_number() over (partition by post_id, holder_id, country_code order by office_code) = 1
