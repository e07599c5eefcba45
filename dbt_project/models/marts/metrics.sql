{#- Each metric is described once, in the YAML beside the model that computes its figures. -#}
{%- set columns = {
    'metric_id': 'varchar', 'base_metric_id': 'varchar', 'metric_name': 'varchar', 'formula': 'varchar',
    'unit': 'varchar', 'grain_codes': 'varchar', 'inputs': 'varchar', 'platform_codes': 'varchar',
    'since_year': 'integer', 'found_in': 'varchar', 'computed_in': 'varchar', 'status_code': 'varchar',
    'reason': 'varchar', 'caveats': 'varchar', 'minimum_posts_count': 'integer', 'method_version': 'integer',
} -%}

{% for metric in described_metrics() %}
    select
        {% for column, type in columns.items() -%}
            {{ literal(metric.get(column)) }}::{{ type }} as {{ column }},
        {% endfor %}
    union all
{% endfor %}
select
    {% for column, type in columns.items() -%}
        null::{{ type }} as {{ column }},
    {% endfor %}
where false
