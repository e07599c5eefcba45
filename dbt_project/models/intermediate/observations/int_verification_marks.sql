with

seen as (
    select
        account_id,
        observed_at,
        is_verified,
        lag(is_verified) over profiles as was_verified,
        lag(observed_at) over profiles as observed_before_at,
        source_id,
    from {{ ref('int_profiles') }}
    where is_verified is not null
    window profiles as (partition by account_id order by observed_at, ledger_position, event_id)
)

-- The first observation has none before it, so it is no change.
select
    account_id,
    is_verified,
    observed_before_at::date as not_before_date,
    observed_at::date as not_after_date,
    source_id,
from seen
where is_verified != was_verified
