{{ config(materialized='incremental', incremental_strategy='append') }}

{#- A constant in the SQL, so that DuckDB parses the JSON of new rows only. -#}
{%- set last_position = 0 -%}
{%- if execute and is_incremental() -%}
    {%- set last_position = run_query('select coalesce(max(ledger_position), 0) from ' ~ this).columns[0].values()[0] -%}
{%- endif -%}

with

observations as not materialized (
    {% for shape in shapes('posts') %}
        select * from {{ ref(shape) }} where ledger_position > {{ last_position }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
),

fresh as not materialized (
    select *
    from observations
    {% if is_incremental() %}
        where event_id not in (select event_id from {{ this }})
    {% endif %}
),

-- The log may hold an event twice; the first row stays. Only events whose hash occurs twice are put in order, as hashes
-- take a third of the memory of ids. Two different events with one hash are put in order too, and both stay.
repeated as (
    select hash(event_id) as event_hash
    from {{ source('raw', 'post_snapshots') }}
    where ledger_position > {{ last_position }}
    group by event_hash
    having count(*) > 1
)

select fresh.*
from fresh
anti join repeated on hash(fresh.event_id) = repeated.event_hash
union all by name
select fresh.*
from fresh
semi join repeated on hash(fresh.event_id) = repeated.event_hash
qualify row_number() over (partition by fresh.event_id order by fresh.ledger_position) = 1
