{#- The staging models of one kind, e.g. `stg_bluesky__posts` for `posts`. The list names each shape in which a
    platform sends observations, and its kinds. A platform's terms let us keep `brief_posts` for some days only. -#}
{% macro shapes(kind) -%}
    {%- set kinds = {
        'x': ['accounts', 'posts', 'unavailable'],
        'x_v2': ['accounts', 'posts', 'follows', 'unavailable', 'volumes'],
        'bluesky': ['accounts', 'posts', 'follows', 'unavailable'],
        'mastodon': ['accounts', 'posts', 'follows', 'unavailable'],
        'youtube': ['accounts', 'brief_posts', 'unavailable'],
    } -%}
    {%- set models = [] -%}
    {%- for shape in kinds if kind in kinds[shape] -%}
        {%- do models.append('stg_' ~ shape ~ '__' ~ kind.removeprefix('brief_')) -%}
    {%- endfor -%}
    {{ return(models) }}
{%- endmacro %}
