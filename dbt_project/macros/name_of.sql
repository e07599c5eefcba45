{#- The name of a code in words. It comes from the seed `code_names`, which has the names that the roster does not have.
    A code without a name is shown as it is. -#}
{% macro name_of(type, code) -%}
    coalesce(
        (select names.name from {{ ref('code_names') }} as names where names.type = '{{ type }}' and names.code = {{ code }}),
        {{ code }}
    )
{%- endmacro %}
