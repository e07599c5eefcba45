{#- The id under which the roster lists an account by its handle, e.g. x:@govexample. On Mastodon, which has many
    servers, it ends with the server in the account's id. -#}
{% macro listed_as(account_id, handle) -%}
    split_part({{ account_id }}, ':', 1) || ':@' || lower(split_part(ltrim({{ handle }}, '@'), '@', 1))
    || case when starts_with({{ account_id }}, 'mastodon:') then '@' || split_part({{ account_id }}, '@', -1) else '' end
{%- endmacro %}

{#- Whether an account is listed by its handle, because its id is not known yet. -#}
{% macro is_by_handle(account_id) -%} contains({{ account_id }}, ':@') {%- endmacro %}
