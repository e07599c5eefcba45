{%- set profile_counts = ['audience_count', 'following_count', 'listed_count', 'lifetime_posts_count'] -%}
{#- Models that have the counts as they were observed -> the columns of the counts. -#}
{%- set observed = {
    'stg_posts': post_counts(),
    'stg_youtube__posts': post_counts(),
    'int_profile_readings': profile_counts,
} -%}

with

counted as (
    {% for model, columns in observed.items() %}
        select
            account_id,
            source_id,
            {{ implausible_count(columns) }} as implausible_count,
        from {{ ref(model) }}
        where {{ counts() }}
        group by account_id, source_id
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    account_id,
    sum(implausible_count)::bigint as implausible_count,
    {{ united('source_id') }} as source_id,
from counted
where implausible_count > 0
group by account_id
