{#- The figures of posts that are ranked, from the columns the marts show of them, each with the posts behind it. -#}
{% macro ranked_post_figures(subject) -%}
    {%- set interactions = subject ~ '.reposts_received_count + ' ~ subject ~ '.likes_received_count' -%}
    {'metric_id': 'T05', 'value': {{ subject }}.posts_count::decimal(38, 9), 'n': {{ subject }}.posts_count},
    {'metric_id': 'V01', 'value': {{ subject }}.reply_share, 'n': {{ subject }}.posts_count},
    {
        'metric_id': 'E01', 'value': {{ subject }}.reposts_per_original_post,
        'n': {{ subject }}.original_posts_count
    },
    {
        'metric_id': 'E02', 'value': ({{ interactions }})::decimal(38, 9),
        'n': {{ subject }}.original_posts_count
    },
    {
        'metric_id': 'E03', 'value': {{ ratio(interactions, subject ~ '.original_posts_count') }},
        'n': {{ subject }}.original_posts_count
    },
    {'metric_id': 'E05', 'value': {{ subject }}.likes_per_original_post, 'n': {{ subject }}.original_posts_count}
{%- endmacro %}
