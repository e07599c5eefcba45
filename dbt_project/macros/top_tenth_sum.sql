{#- The sum of the greatest tenth of the known values, rounded up: of 1 to 10 values the greatest one. Which of equal
    values is in it changes nothing. Null where none is known. -#}
{% macro top_tenth_sum(column) -%}
    list_sum(list_reverse_sort(list({{ column }}) filter ({{ column }} is not null))[:(count({{ column }}) + 9) // 10])
{%- endmacro %}
