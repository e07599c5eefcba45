{#- Interactions: reposts and likes received; unknown if either is. -#}
{% macro interactions(posts='') -%}
    {%- set prefix = posts ~ '.' if posts -%}
    ({{ prefix }}reposts_received_count + {{ prefix }}likes_received_count)
{%- endmacro %}
