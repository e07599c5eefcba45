{#- No two rows share the key; null counts as a value. -#}
{% test unique_key(model, columns) %}
    select
        {{ columns | join(', ') }},
        count(*) as rows_count,
    from {{ model }}
    group by all
    having count(*) > 1
{% endtest %}
