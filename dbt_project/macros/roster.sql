{#- What each staged roster entry carries of its event. -#}
{% macro roster_envelope() -%}
    ledger_position,
    subject,
    event_type = 'roster.entry_ended' as is_ended
{%- endmacro %}

{#- The roster as it stood at the cut: each entry's last version, ended ones left out. -#}
{% macro roster_at_cut(model) -%}
    select *
    from {{ ref(model) }}
    where ledger_position <= {{ cut() }}
    qualify row_number() over (partition by subject order by ledger_position desc) = 1 and not is_ended
{%- endmacro %}

{#- Categories of offices, the highest first; of several offices of one holder the higher one names the row. -#}
{% macro office_categories() -%}
    [
        'head_of_state_and_government', 'head_of_state', 'head_of_government', 'foreign_minister',
        'deputy_head_of_government', 'head_of_international_organisation', 'head_of_mission', 'foreign_ministry',
        'institution', 'embassy', 'permanent_mission', 'consulate', 'international_organisation'
    ]
{%- endmacro %}
