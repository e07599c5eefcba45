{#- The address of an account's profile page: the platform's pattern with {handle}, {id} and {server} filled in. It is
    null if the pattern needs an id that is not known yet. -#}
{% macro profile_url(pattern, account_id, handle) -%}
    case
        when not (contains({{ pattern }}, '{id}') and {{ is_by_handle(account_id) }}) then
            replace(
                replace(
                    replace({{ pattern }}, '{handle}', {{ handle }}),
                    '{id}', split_part(substr({{ account_id }}, strpos({{ account_id }}, ':') + 1), '@', 1)
                ),
                '{server}', split_part({{ account_id }}, '@', -1)
            )
    end
{%- endmacro %}
