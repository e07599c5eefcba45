-- One list instead of a row per source: DuckDB plans a filter by a list as if all rows remained, which is nearly true.
select coalesce(list(source_id order by source_id), []) as source_ids
from ({{ roster_at_cut('stg_roster__sources') }})
where withdrawn_date is not null
