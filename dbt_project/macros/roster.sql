{#- The columns that each staged entry of the roster takes from its event. -#}
{% macro roster_envelope() -%}
    ledger_position,
    subject,
    event_type = 'roster.entry_ended' as is_ended
{%- endmacro %}

{#- The roster at the cut: the last version of each entry, without the entries that were ended. -#}
{% macro roster_at_cut(model) -%}
    select *
    from {{ ref(model) }}
    where ledger_position <= {{ cut() }}
    qualify row_number() over (partition by subject order by ledger_position desc) = 1 and not is_ended
{%- endmacro %}

{#- Categories of offices, the highest first. If a holder has several offices, the highest one names the row. -#}
{% macro office_categories() -%}
    [
        'head_of_state_and_government', 'head_of_state', 'head_of_government', 'foreign_minister',
        'deputy_head_of_government', 'head_of_international_organisation', 'head_of_mission', 'foreign_ministry',
        'institution', 'embassy', 'permanent_mission', 'consulate', 'international_organisation'
    ]
{%- endmacro %}
