{{ config(materialized='incremental', incremental_strategy='append') }}

{#- A constant, so that only new rows are parsed. -#}
{%- set last_position = 0 -%}
{%- if execute and is_incremental() -%}
    {%- set last_position = run_query('select coalesce(max(ledger_position), 0) from ' ~ this).columns[0].values()[0] -%}
{%- endif -%}

with

observations as (
    {% for shape in ['stg_x__posts', 'stg_x_v2__posts', 'stg_bluesky__posts', 'stg_mastodon__posts'] %}
        select * from {{ ref(shape) }} where ledger_position > {{ last_position }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
)

-- What was observed once and carried over twice is one observation.
select *
from observations
{% if is_incremental() %}
    where event_id not in (select event_id from {{ this }})
{% endif %}
qualify row_number() over (partition by event_id order by ledger_position) = 1
