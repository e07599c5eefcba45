{#- A count, unless it is above what any platform ever counted: then it is unknown, and `data_issues_yearly` tells. Nine
    million such counts still add up to a number that a column holds. -#}
{% macro most_plausible() -%} 1000000000000 {%- endmacro %}
{% macro plausible(column) -%} case when {{ column }} <= {{ most_plausible() }} then {{ column }} end {%- endmacro %}
{#- How many of the counts are above it. -#}
{% macro implausible_count(columns) -%}
    {%- for column in columns -%}
        count(*) filter ({{ column }} > {{ most_plausible() }}) {{- ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
