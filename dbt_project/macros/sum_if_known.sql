{#- The sum over the rows that meet the condition: 0 if there are none, null if one of them is unknown.
    Not count_if, which is null where the condition is unknown of every row, as after a left join that found none. -#}
{% macro sum_if_known(column, condition) -%}
    case
        when count(*) filter (({{ condition }}) and {{ column }} is null) = 0
            then coalesce(sum({{ column }}) filter ({{ condition }}), 0)
    end
{%- endmacro %}
