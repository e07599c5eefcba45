{#- The edition's window: the whole UTC year. -#}
{% macro window_start_date() -%} make_date({{ var('year') }}, 1, 1) {%- endmacro %}

{% macro window_end_date() -%} make_date({{ var('year') }}, 12, 31) {%- endmacro %}

{#- The instant the window closes, as a date: what is true at its midnight is true at the end of the year. -#}
{% macro window_close_date() -%} make_date({{ var('year') }} + 1, 1, 1) {%- endmacro %}
