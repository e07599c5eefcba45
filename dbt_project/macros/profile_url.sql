{#- The address of an account's profile page: the platform's pattern with {handle}, {id} and {server} filled in. -#}
{% macro profile_url(pattern, account_id, handle) -%}
    replace(
        replace(
            replace({{ pattern }}, '{handle}', {{ handle }}),
            '{id}', split_part(substr({{ account_id }}, strpos({{ account_id }}, ':') + 1), '@', 1)
        ),
        '{server}', split_part({{ account_id }}, '@', 2)
    )
{%- endmacro %}
