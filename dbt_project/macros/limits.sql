{#- Sets how many threads and how much memory DuckDB may use. The settings are read while dbt runs, not while it parses:
    otherwise dbt would parse the whole project again whenever one of them changes. -#}
{% macro machine_limits() -%}
    {% if execute -%}
        set threads = {{ env_var('TWIPLOMACY_THREADS', '1') }};
        set memory_limit = '{{ env_var('TWIPLOMACY_MEMORY', '') or '80%' }}'
    {%- endif %}
{%- endmacro %}
