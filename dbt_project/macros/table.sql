{#- A table is made in place: nobody reads the database while dbt writes it, so that the old table need not stay until
the new one is whole, as dbt's own materialization sees to by three more statements for every model. -#}
{%- materialization table, adapter="duckdb", supported_languages=["sql", "python"] -%}
    {%- set target = this.incorporate(type="table") -%}
    {%- do adapter.drop_relation(load_cached_relation(this)) if load_cached_relation(this) -%}
    {%- call statement("main", language=model["language"]) -%}
        {{ create_table_as(False, target, compiled_code, model["language"]) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({"relations": [target]}) }}
{%- endmaterialization -%}
