{#- The only model that knows which edition is the newest of the panel. -#}
with

editions as ({{ roster_at_cut('stg_roster__editions') }})

-- The window of an edition is the whole UTC year; what is true at the midnight of its close is true at its end.
select
    year,
    make_date(year, 1, 1) as window_start_date,
    make_date(year, 12, 31) as window_end_date,
    make_date(year + 1, 1, 1) as window_close_date,
from editions
where year <= (select panel.year from {{ source('raw', 'panel') }} as panel)
