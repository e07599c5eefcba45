{#- How an account is listed by its handle: x:@name; where the platform has many servers, with the one of its id. -#}
{% macro listed_as(account_id, handle) -%}
    split_part({{ account_id }}, ':', 1) || ':@' || lower(split_part(ltrim({{ handle }}, '@'), '@', 1))
    || case when starts_with({{ account_id }}, 'mastodon:') then '@' || split_part({{ account_id }}, '@', -1) else '' end
{%- endmacro %}

{#- Whether an account is listed by its handle, as its id is not known yet. -#}
{% macro is_by_handle(account_id) -%} contains({{ account_id }}, ':@') {%- endmacro %}
