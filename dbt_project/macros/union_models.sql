{#- The rows that count of several models of one shape. -#}
{% macro union_models(models) -%}
    {% for model in models -%}
        select * from {{ ref(model) }} where {{ counts() }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
{%- endmacro %}
