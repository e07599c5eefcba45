{#- One word for what a post shows: the first of these kinds that its media and links have. -#}
{% macro kind(media, links, is_known, has_card='false') -%}
    case
        when not ({{ is_known }}) then null
        when list_contains({{ media }}, 'video') then 'video'
        when list_contains({{ media }}, 'animated_gif') then 'animated_gif'
        when list_contains({{ media }}, 'photo') then 'photo'
        when len({{ media }}) > 0 then 'other'
        when {{ has_card }} or len({{ links }}) > 0 then 'link'
        else 'text'
    end
{%- endmacro %}

{#- The names of a post's parts, e.g. of its hashtags. `name` is an expression on one part, which is called `tag`. The
    list is empty if there are no parts, and null if they are not known. -#}
{% macro named(parts, name, is_known) -%}
    case when {{ is_known }} then coalesce(list_transform({{ parts }}, lambda tag: {{ name }}), []) end
{%- endmacro %}
