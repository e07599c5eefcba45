with

listed as ({{ roster_at_cut('stg_roster__accounts') }}),

sightings as (
    select
        account_id,
        handle,
        listed_date as seen_date,
        source_id,
    from listed
    union all
    select
        account_id,
        handle,
        observed_at::date as seen_date,
        source_id,
    from {{ ref('stg_x__accounts') }}
    where ledger_position <= {{ var('cut') }} and handle is not null
)

-- Platforms take upper and lower case for the same handle; the last spelling is shown.
select
    account_id,
    lower(handle) as handle_key,
    last(handle order by seen_date, source_id, handle) as handle,
    min(seen_date) as first_seen_date,
    max(seen_date) as last_seen_date,
    first(source_id order by seen_date, source_id) as source_id,
from sightings
group by all
