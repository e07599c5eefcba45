{#- The last ledger position that counts. A table and no variable of dbt's, so that a parsed project stays parsed. -#}
{% macro cut() -%} (select panel.cut from {{ source('raw', 'panel') }} as panel) {%- endmacro %}

{#- Whether an observation counts: it lies before the cut, and its source was not withdrawn as a whole. -#}
{% macro counts() -%}
    ledger_position <= {{ cut() }}
    and not list_contains((select source_ids from {{ ref('stg_roster__withdrawn') }}), source_id)
{%- endmacro %}
