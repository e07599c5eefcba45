{#- The condition is true, or unknown, in every row. -#}
{% test holds(model, condition) %}
    select *
    from {{ model }}
    where not ({{ condition }})
{% endtest %}
