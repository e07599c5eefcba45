{#- All other models learn from here which edition is the newest. -#}
with

editions as ({{ roster_at_cut('stg_roster__editions') }})

-- The window closes at the midnight after its last day. What is true at that instant is true at the edition's end.
select
    year,
    make_date(year, 1, 1) as window_start_date,
    make_date(year, 12, 31) as window_end_date,
    make_date(year + 1, 1, 1) as window_close_date,
from editions
where year <= (select panel.year from {{ source('raw', 'panel') }} as panel)
