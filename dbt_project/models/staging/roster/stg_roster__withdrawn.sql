-- One list and no row a source: a filter by a list lets DuckDB expect all rows of what it filters.
select coalesce(list(source_id order by source_id), []) as source_ids
from ({{ roster_at_cut('stg_roster__sources') }})
where withdrawn_date is not null
