{#- The name of a code in words, from the seed `code_names`, the one place of the names that the roster lacks;
    a code without a name is shown as it is. -#}
{% macro name_of(type, code) -%}
    coalesce(
        (select names.name from {{ ref('code_names') }} as names where names.type = '{{ type }}' and names.code = {{ code }}),
        {{ code }}
    )
{%- endmacro %}
