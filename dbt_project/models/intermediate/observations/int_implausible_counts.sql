{%- set profile_counts = ['audience_count', 'following_count', 'listed_count', 'lifetime_posts_count'] -%}
{#- Models that have the counts as they were observed. -#}
{%- set observed = ['stg_posts'] + shapes('brief_posts') + ['int_profile_readings'] -%}

with

counted as (
    {% for model in observed %}
        select
            account_id,
            source_id,
            {{ implausible_count(profile_counts if model == 'int_profile_readings' else post_counts()) }}
                as implausible_count,
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
