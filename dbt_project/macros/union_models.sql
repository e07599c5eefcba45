{#- The rows that count, from several models with the same columns. -#}
{% macro union_models(models) -%}
    {% for model in models -%}
        select * from {{ ref(model) }} where {{ counts() }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
{%- endmacro %}
