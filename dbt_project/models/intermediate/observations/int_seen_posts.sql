{{ config(materialized='view') }}

with

in_window as not materialized (
    select *
    from {{ ref('int_post_observations') }}
    where list_contains((select list(year) from {{ ref('int_editions') }}), year(posted_at))
),

-- Only posts that were seen again are put in order, and by their keys: rows with all their lists fill the memory.
again as (
    select post_id
    from in_window
    group by post_id
    having count(*) > 1
),

outdated as (
    select in_window.event_id
    from in_window
    semi join again on in_window.post_id = again.post_id
    qualify
        row_number() over (
            partition by in_window.post_id
            order by in_window.observed_at desc, in_window.ledger_position desc, in_window.event_id desc
        ) > 1
)

select in_window.*
from in_window
anti join outdated on in_window.event_id = outdated.event_id
