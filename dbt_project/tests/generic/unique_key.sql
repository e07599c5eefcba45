{#- Fails if two rows have the same key. Null counts as a value, which dbt's own `unique` ignores. -#}
{% test unique_key(model, columns) %}
    select
        {{ columns | join(', ') }},
        count(*) as rows_count,
    from {{ model }}
    group by all
    having count(*) > 1
{% endtest %}
