{#- What a post shows, from the kinds of its media and its links: one word, of the most telling part. -#}
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

{#- The names in a list of a post's parts, each called `tag`; none is empty, and null is not known. -#}
{% macro named(parts, name, is_known) -%}
    case when {{ is_known }} then coalesce(list_transform({{ parts }}, lambda tag: {{ name }}), []) end
{%- endmacro %}
