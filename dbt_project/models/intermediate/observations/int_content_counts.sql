{{ config(materialized='view') }}

{#- Dimension -> the column of a post that has its value, or its list of values. -#}
{%- set values = {
    'language': 'language_code', 'client': 'client_name', 'kind': 'kind_code', 'hour': 'hour_code',
    'weekday': 'weekday_code',
} -%}
{%- set lists = {'hashtag': 'hashtags', 'domain': 'link_domains'} -%}
{%- set parts = {'hashtag': 'has_hashtag', 'link': 'has_link', 'mention': 'has_mention'} -%}

with

posts as not materialized (
    select * from {{ ref('int_content_posts') }}
),

-- One pass over the posts counts everything that does not depend on a value.
holders as (
    select
        year,
        account_id,
        holder_id,
        {% for dimension, column in (values | items | list) + (lists | items | list) -%}
            count({{ column }}) as {{ dimension }}_count,
        {% endfor -%}
        {% for part, column in parts | items -%}
            count_if({{ column }}) as {{ part }}_part_count,
            count({{ column }}) as {{ part }}_known_count,
        {% endfor -%}
    from posts
    group by year, account_id, holder_id
),

known as (
    select
        year,
        account_id,
        holder_id,
        unnest([
            {% for dimension in (values | list) + (lists | list) -%}
                {'dimension_code': '{{ dimension }}', 'known_posts_count': {{ dimension }}_count}
                {{- ',' if not loop.last }}
            {% endfor -%}
        ], recursive := true),
    from holders
),

-- A part that no post has is a row with 0 posts. Values that no post has are no rows.
parts as (
    select
        year,
        account_id,
        holder_id,
        'part' as dimension_code,
        unnest([
            {% for part in parts -%}
                {
                    'value_name': '{{ part }}', 'value_posts_count': {{ part }}_part_count,
                    'known_posts_count': {{ part }}_known_count
                } {{- ',' if not loop.last }}
            {% endfor -%}
        ], recursive := true),
    from holders
),

counts as (
    {% for dimension, column in values | items %}
        select
            year,
            account_id,
            holder_id,
            '{{ dimension }}' as dimension_code,
            {{ column }} as value_name,
            count(*) as value_posts_count,
        from posts
        where {{ column }} is not null
        group by year, account_id, holder_id, value_name
        union all
    {% endfor %}
    {% for dimension, column in lists | items %}
        select
            year,
            account_id,
            holder_id,
            '{{ dimension }}' as dimension_code,
            value_name,
            count(*) as value_posts_count,
        from posts, unnest({{ column }}) as listed (value_name)
        group by year, account_id, holder_id, value_name
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    counts.*,
    known.known_posts_count,
from counts
inner join known using (year, account_id, holder_id, dimension_code)
union all by name
select *
from parts
where known_posts_count > 0
