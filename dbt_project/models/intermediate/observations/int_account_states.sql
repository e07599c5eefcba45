with

sightings as (
    select
        account_id,
        observed_at,
        ledger_position,
        case when is_protected then 'protected' else 'available' end as state_code,
        source_id,
    from {{ ref('int_profiles') }}
    union all
    select
        account_id,
        observed_at,
        ledger_position,
        reason_code as state_code,
        source_id,
    from {{ ref('int_unavailable') }}
    where post_id is null
),

-- One run may see an account twice, e.g. its profile and its timeline. The more telling state counts.
seen as (
    select *
    from sightings
    qualify
        row_number() over (
            partition by account_id, ledger_position
            order by
                list_position(
                    [
                        'suspended', 'deactivated', 'deleted', 'withheld', 'protected', 'available', 'not_found',
                        'left_out'
                    ],
                    state_code
                ),
                observed_at
        ) = 1
),

ordered as (
    select
        *,
        lag(state_code) over states as state_before_code,
        lag(observed_at) over states as observed_before_at,
    from seen
    window states as (partition by account_id order by observed_at, ledger_position, state_code)
)

-- Before it is first seen an account is taken to be available, as the roster lists it.
select
    account_id,
    state_code,
    state_before_code,
    observed_before_at::date as not_before_date,
    observed_at::date as not_after_date,
    source_id,
from ordered
where state_code != coalesce(state_before_code, 'available')
