{#- The sum of the greatest tenth of the known values. The tenth is rounded up, so of 1 to 10 values it is the greatest
    one. It is null if no value is known. -#}
{% macro top_tenth_sum(column) -%}
    list_sum(list_reverse_sort(list({{ column }}) filter ({{ column }} is not null))[:(count({{ column }}) + 9) // 10])
{%- endmacro %}
