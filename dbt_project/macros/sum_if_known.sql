{#- The sum over the rows that meet the condition: 0 if there are none, null if one of them is unknown. -#}
{% macro sum_if_known(column, condition) -%}
    case
        when count_if(({{ condition }}) and {{ column }} is null) = 0
            then coalesce(sum({{ column }}) filter ({{ condition }}), 0)
    end
{%- endmacro %}
