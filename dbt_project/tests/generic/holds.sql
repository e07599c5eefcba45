{#- Fails if a condition is false in some row. Unknown passes. Each failing row names the condition that it breaks. -#}
{% test holds(model, conditions) %}
    {% for condition in conditions %}
        select
            '{{ condition | replace("'", "''") }}' as broken_condition,
            *,
        from {{ model }}
        where not ({{ condition }})
        {{ 'union all' if not loop.last }}
    {% endfor %}
{% endtest %}
