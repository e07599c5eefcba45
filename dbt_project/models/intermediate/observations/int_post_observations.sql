{{ config(materialized='view') }}

with

observations as (
    select * from {{ ref('stg_posts') }}
    union all by name
    -- Not in a table that grows: the platform's terms let these rows stay for some days only.
    select * from {{ ref('stg_youtube__posts') }}
    qualify row_number() over (partition by event_id order by ledger_position) = 1
)

select * from observations where {{ counts() }}
