{#- The last position in the ledger that the build reads. It is in a table, because a dbt variable that changes makes
    dbt parse the whole project again. -#}
{% macro cut() -%} (select panel.cut from {{ source('raw', 'panel') }} as panel) {%- endmacro %}

{#- Whether an observation counts: it does not lie behind the cut, and its source was not withdrawn. -#}
{% macro counts() -%}
    ledger_position <= {{ cut() }}
    and not list_contains((select source_ids from {{ ref('stg_roster__withdrawn') }}), source_id)
{%- endmacro %}
