{#- Interactions are the reposts and likes received. They are unknown if either number is. -#}
{% macro interactions(posts='') -%}
    {%- set prefix = posts ~ '.' if posts -%}
    ({{ prefix }}reposts_received_count + {{ prefix }}likes_received_count)
{%- endmacro %}
