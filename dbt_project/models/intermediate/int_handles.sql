with

-- Every version of a listing: a handle that was corrected by a newer one was seen all the same.
listed as (
    select * from {{ ref('stg_roster__accounts') }} where ledger_position <= {{ var('cut') }} and not is_ended
),

sightings as (
    select
        account_id,
        handle,
        listed_date as seen_date,
        source_id,
    from listed
    union
    select
        account_id,
        handle,
        observed_at::date as seen_date,
        source_id,
    from {{ ref('int_profiles') }}
    where handle is not null
    union
    select
        account_id,
        handle,
        observed_at::date as seen_date,
        source_id,
    from {{ ref('stg_by_hand__looks') }}
    where ledger_position <= {{ var('cut') }} and handle is not null
),

-- Platforms take upper and lower case for the same handle.
keyed as (
    select
        *,
        lower(handle) as handle_key,
        coalesce(
            lower(handle)
            != lag(lower(handle)) over (partition by account_id order by seen_date, lower(handle), source_id, handle),
            true
        ) as is_new,
    from sightings
),

runs as (
    select
        *,
        count_if(is_new) over (
            partition by account_id
            order by seen_date, handle_key, source_id, handle
            rows between unbounded preceding and current row
        ) as run_number,
    from keyed
)

-- A handle that was taken back is a run of its own; each is shown as last spelled.
select
    account_id,
    run_number,
    handle_key,
    last(handle order by seen_date, source_id, handle) as handle,
    min(seen_date) as first_seen_date,
    max(seen_date) as last_seen_date,
    first(source_id order by seen_date, source_id) as source_id,
from runs
group by account_id, run_number, handle_key
