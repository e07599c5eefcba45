{#- The metrics as the models' YAML describes them, each with the model that computes it. -#}
{% macro described_metrics() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | sort(attribute='name') if node.resource_type == 'model' -%}
            {%- for metric in node.config.meta.get('metrics', []) -%}
                {%- set place = node.name if metric.status_code == 'computed' else none -%}
                {%- set row = {'base_metric_id': metric.metric_id, 'computed_in': place} -%}
                {%- do row.update(metric) -%}
                {%- do found.append(row) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}

{#- A value as a literal of SQL. -#}
{% macro literal(value) -%}
    {{ 'null' if value is none else "'" ~ (value | string | replace("'", "''")) ~ "'" }}
{%- endmacro %}
