{#- A count, or null if it is higher than any platform ever counted. `data_issues_yearly` then has the account. The sum
    of nine million counts of this size still fits into a column. -#}
{% macro most_plausible() -%} 1000000000000 {%- endmacro %}
{% macro plausible(column) -%} case when {{ column }} <= {{ most_plausible() }} then {{ column }} end {%- endmacro %}
{#- How many counts are above that bound. -#}
{% macro implausible_count(columns) -%}
    {%- for column in columns -%}
        count(*) filter ({{ column }} > {{ most_plausible() }}) {{- ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
