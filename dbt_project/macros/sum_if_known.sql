{#- The sum over the rows that meet the condition. It is 0 if no row does. It is null if one of the values is unknown,
    or if it is unknown whether a row meets the condition. -#}
{% macro sum_if_known(column, condition) -%}
    case
        when count(*) filter (coalesce({{ condition }}, true) and ({{ column }} is null or ({{ condition }}) is null)) = 0
            then coalesce(sum({{ column }}) filter ({{ condition }}), 0)
    end
{%- endmacro %}

{#- How many rows meet the condition. It is null if this is unknown for one of them. -#}
{% macro count_if_known(condition) -%}
    case when count({{ condition }}) = count(*) then count_if({{ condition }}) end
{%- endmacro %}
