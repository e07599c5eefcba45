{#- The rows of several models of one shape, up to the cut. -#}
{% macro union_models(models) -%}
    {% for model in models -%}
        select * from {{ ref(model) }} where {{ counts() }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
{%- endmacro %}
