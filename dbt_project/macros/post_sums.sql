{#- The counts of posts of a group of `accounts`, left joined to their `posts`: 0 where there are none. -#}
{% macro post_sums() -%}
    count(posts.post_id) as posts_count,
    count(*) filter (posts.is_original) as original_posts_count,
    case when bool_and(accounts.has_replies) then count(*) filter (posts.is_reply_to_other) end as replies_to_others_count,
    {{ sum_if_known('posts.reposts_received_count', 'posts.is_original') }} as reposts_received_count,
    {{ sum_if_known('posts.likes_received_count', 'posts.is_original') }} as likes_received_count
{%- endmacro %}

{#- The columns of a group's posts as the marts show them. -#}
{% macro post_columns() -%}
    posts.posts_count::bigint as posts_count,
    posts.original_posts_count::bigint as original_posts_count,
    posts.replies_to_others_count::bigint as replies_to_others_count,
    {{ ratio('posts.replies_to_others_count', 'posts.posts_count') }} as reply_share,
    posts.reposts_received_count::bigint as reposts_received_count,
    {{ ratio('posts.reposts_received_count', 'posts.original_posts_count') }} as reposts_per_original_post,
    posts.likes_received_count::bigint as likes_received_count,
    {{ ratio('posts.likes_received_count', 'posts.original_posts_count') }} as likes_per_original_post
{%- endmacro %}
