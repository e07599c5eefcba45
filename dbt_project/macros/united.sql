{#- The ids in several lists of ids, each once and in order, as one list separated by spaces. -#}
{% macro united(lists) -%}
    nullif(
        array_to_string(
            list_sort(list_distinct(flatten(list(string_split({{ lists }}, ' ')) filter ({{ lists }} is not null)))), ' '
        ),
        ''
    )
{%- endmacro %}
