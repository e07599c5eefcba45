with

entries as ({{ roster_at_cut('stg_roster__sources') }}),

-- A source that was synthetic in any version stays synthetic, because what it gave then was made up.
synthetic as (
    select distinct source_id
    from {{ ref('stg_roster__sources') }}
    where ledger_position <= {{ cut() }} and is_synthetic
)

select
    entries.source_id,
    title,
    citation,
    url,
    licence_name,
    licence_url,
    class_code,
    synthetic.source_id is not null as is_synthetic,
    observed_at,
    observed_precision_code,
    withdrawn_date,
    withdrawn_reason,
from entries
left join synthetic on entries.source_id = synthetic.source_id
