{#- The sum over the rows that meet the condition: 0 if there are none, null if one of them is unknown, or whether one
    meets it. -#}
{% macro sum_if_known(column, condition) -%}
    case
        when count(*) filter (coalesce({{ condition }}, true) and ({{ column }} is null or ({{ condition }}) is null)) = 0
            then coalesce(sum({{ column }}) filter ({{ condition }}), 0)
    end
{%- endmacro %}

{#- How many rows meet the condition; null if it is unknown of one of them. -#}
{% macro count_if_known(condition) -%}
    case when count({{ condition }}) = count(*) then count_if({{ condition }}) end
{%- endmacro %}
