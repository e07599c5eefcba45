with

entries as ({{ roster_at_cut('stg_roster__sources') }})

select
    source_id,
    title,
    citation,
    url,
    licence_name,
    licence_url,
    observed_at,
    observed_precision_code,
from entries
