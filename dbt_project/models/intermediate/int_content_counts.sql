{{ config(materialized='view') }}

{#- The dimensions, and where a post has its value or its list of values. -#}
{%- set values = {
    'language': 'language_code', 'client': 'client_name', 'kind': 'kind_code', 'hour': 'hour_code',
    'weekday': 'weekday_code',
} -%}
{%- set lists = {'hashtag': 'hashtags', 'domain': 'link_domains'} -%}
{%- set parts = {'hashtag': 'has_hashtag', 'link': 'has_link', 'mention': 'has_mention'} -%}

with

posts as (
    select * from {{ ref('int_content_posts') }}
),

known as (
    {% for dimension, column in (values | items | list) + (lists | items | list) %}
        select
            account_id,
            holder_id,
            '{{ dimension }}' as dimension_code,
            count({{ column }}) as known_posts_count,
        from posts
        group by account_id, holder_id
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

counts as (
    {% for dimension, column in values | items %}
        select
            account_id,
            holder_id,
            '{{ dimension }}' as dimension_code,
            {{ column }} as value_name,
            count(*) as posts_count,
        from posts
        where {{ column }} is not null
        group by account_id, holder_id, value_name
        union all
    {% endfor %}
    {% for dimension, column in lists | items %}
        select
            account_id,
            holder_id,
            '{{ dimension }}' as dimension_code,
            value_name,
            count(*) as posts_count,
        from posts, unnest({{ column }}) as listed(value_name)
        group by account_id, holder_id, value_name
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    counts.account_id,
    counts.holder_id,
    counts.dimension_code,
    counts.value_name,
    counts.posts_count,
    known.known_posts_count,
from counts
inner join known
    on
        counts.account_id = known.account_id
        and counts.holder_id = known.holder_id
        and counts.dimension_code = known.dimension_code
{% for part, column in parts | items %}
    union all
    -- Known and none is a row of 0: the answer that no value's row gives.
    select
        account_id,
        holder_id,
        'part' as dimension_code,
        '{{ part }}' as value_name,
        count_if({{ column }}) as posts_count,
        count({{ column }}) as known_posts_count,
    from posts
    group by account_id, holder_id
    having count({{ column }}) > 0
{% endfor %}
