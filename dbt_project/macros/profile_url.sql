{#- The address of an account's profile page: the platform's pattern with {handle}, {id} and {server} filled in. -#}
{% macro profile_url(pattern, account_id, handle) -%}
    replace(
        replace(
            replace({{ pattern }}, '{handle}', {{ handle }}),
            '{id}', split_part(split_part({{ account_id }}, ':', 2), '@', 1)
        ),
        '{server}', split_part({{ account_id }}, '@', 2)
    )
{%- endmacro %}
