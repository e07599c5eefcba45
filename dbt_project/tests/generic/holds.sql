{#- Each condition is true, or unknown, in every row; a row that breaks one is shown with it. -#}
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
