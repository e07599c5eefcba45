{#- Tables and views are replaced in place. dbt's own materializations keep the old one until the new one is complete,
    which takes three more statements for every model. Here nobody reads the database while dbt writes it. -#}
{%- materialization table, adapter="duckdb", supported_languages=["sql", "python"] -%}
    {%- set target = this.incorporate(type="table") -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- do adapter.drop_relation(existing) if existing -%}
    {%- call statement("main", language=model["language"]) -%}
        {{ create_table_as(False, target, compiled_code, model["language"]) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({"relations": [target]}) }}
{%- endmaterialization -%}

{%- materialization view, adapter="duckdb" -%}
    {%- set target = this.incorporate(type="view") -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- do adapter.drop_relation(existing) if existing and not existing.is_view -%}
    {%- call statement("main") -%}
        create or replace view {{ target }} as ({{ compiled_code }})
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({"relations": [target]}) }}
{%- endmaterialization -%}
