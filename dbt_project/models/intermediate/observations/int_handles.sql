with

-- All versions of a listing count: an account that was listed again on another day, under another handle, was seen
-- under both. If only the handle was corrected and the day stayed, nobody saw the first one.
listed as (
    select *
    from {{ ref('stg_roster__accounts') }}
    where ledger_position <= {{ cut() }} and not is_ended
    qualify row_number() over (partition by account_id, listed_date order by ledger_position desc) = 1
),

sightings as (
    select
        coalesce(joins.account_id, listed.account_id) as account_id,
        listed.handle,
        listed.listed_date::timestamptz as seen_at,
        listed.ledger_position,
        listed.source_id,
    from listed
    left join {{ ref('int_account_joins') }} as joins on listed.account_id = joins.listed_account_id
    union all
    select
        account_id,
        handle,
        observed_at as seen_at,
        ledger_position,
        source_id,
    from {{ ref('int_profiles') }}
    where handle is not null
    union all
    select
        account_id,
        handle,
        observed_at as seen_at,
        ledger_position,
        source_id,
    from {{ ref('stg_by_hand__looks') }}
    where handle is not null
),

-- Platforms take upper and lower case for the same handle.
keyed as (
    select
        *,
        lower(handle) as handle_key,
        coalesce(lower(handle) != lag(lower(handle)) over seen, true) as is_new,
    from sightings
    window seen as (
        partition by account_id
        order by seen_at, ledger_position, lower(handle), source_id, handle
    )
),

runs as (
    select
        *,
        count_if(is_new) over (
            partition by account_id
            order by seen_at, ledger_position, handle_key, source_id, handle
            rows between unbounded preceding and current row
        ) as run_number,
    from keyed
)

-- A handle is shown as it was last spelled.
select
    account_id,
    run_number,
    handle_key,
    last(handle order by seen_at, ledger_position, source_id, handle) as handle,
    min(seen_at)::date as first_seen_date,
    max(seen_at)::date as last_seen_date,
    first(source_id order by seen_at, ledger_position, source_id) as source_id,
from runs
group by account_id, run_number, handle_key
