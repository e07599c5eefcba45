{#- Counts of the posts in office of subjects, e.g. persons or states. `keys` are `year` and the columns that name a
    subject. `tenures` is a relation of the subjects' tenures, with `keys`, `account_id` and `tenure_id`. A post that
    belongs to two tenures of a subject counts once. A subject without a post has no row here. -#}
{% macro post_sums(tenures, keys) -%}
    select
        {{ keys }},
        sum(posts_count) as posts_count,
        {{ sum_if_known('original_posts_count', 'true') }} as original_posts_count,
        {{ sum_if_known('replies_to_others_count', 'true') }} as replies_to_others_count,
        {{ sum_if_known('reposts_received_count', 'true') }} as reposts_received_count,
        {{ sum_if_known('likes_received_count', 'true') }} as likes_received_count,
    from (
        select distinct
            {{ keys }},
            sums.* exclude (year, tenure_id),
        from {{ tenures }}
        inner join (select *, unnest(tenure_ids) as tenure_id from {{ ref('int_post_sums') }}) as sums
            using (year, account_id, tenure_id)
    )
    group by {{ keys }}
{%- endmacro %}

{#- The columns about a subject's posts. They read `post_sums`, left joined to the subject as `posts`. The counts are 0
    if the subject was collected and had no posts. -#}
{% macro post_columns(is_collected, has_replies) -%}
    {% for count in ['posts', 'original_posts', 'replies_to_others'] -%}
        case
            when {{ is_collected }} {% if count == 'replies_to_others' %} and {{ has_replies }} {% endif %}
                then case when posts.posts_count is null then 0 else posts.{{ count }}_count end
        end::bigint as {{ count }}_count,
    {% endfor -%}
    {% set replies = 'case when ' ~ is_collected ~ ' and ' ~ has_replies ~ ' then posts.replies_to_others_count end' -%}
    {{ ratio(replies, 'posts.posts_count') }} as reply_share,
    {% for kind in ['reposts', 'likes'] -%}
        case
            when {{ is_collected }}
                then case when posts.posts_count is null then 0 else posts.{{ kind }}_received_count end
        end::bigint as {{ kind }}_received_count,
        case when {{ is_collected }} then {{ ratio('posts.' ~ kind ~ '_received_count', 'posts.original_posts_count') }} end
            as {{ kind }}_per_original_post {{- ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}
