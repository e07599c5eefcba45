with

-- A register says from which month on an account was active, a check by hand whether there was one on its day.
observations as (
    select
        source_id,
        subject,
        country_code,
        platform_code,
        account_type_code,
        first_active_month,
        looked_from_date,
        looked_until_date,
        null::boolean as is_found,
        observed_at,
        ledger_position,
        event_id,
    from {{ ref('stg_by_hand__presence') }}
    union all by name
    select
        source_id,
        concat_ws('/', country_code, platform_code, account_type_code) as subject,
        country_code,
        platform_code,
        account_type_code,
        observed_at::date as looked_from_date,
        observed_at::date as looked_until_date,
        is_found,
        observed_at,
        ledger_position,
        event_id,
    from {{ ref('stg_by_hand__looks') }}
),

sources as ({{ roster_at_cut('stg_roster__sources') }}),

-- Only checks that overlap the window: those of other years say nothing of this one.
checks as (
    select
        editions.*,
        observations.*,
    from observations
    inner join {{ ref('int_editions') }} as editions
        on
            observations.looked_from_date <= editions.window_end_date
            and observations.looked_until_date >= editions.window_start_date
    qualify
        row_number() over (
            partition by editions.year, observations.source_id, observations.subject
            order by
                observations.observed_at desc,
                observations.is_found desc nulls last,
                observations.ledger_position desc,
                observations.event_id desc
        ) = 1
)

select
    checks.year,
    checks.source_id,
    sources.scope,
    checks.country_code,
    checks.platform_code,
    checks.account_type_code,
    least(checks.looked_until_date, checks.window_close_date) as checked_date,
    checks.first_active_month,
    coalesce(
        checks.is_found, (checks.first_active_month || '-01')::date <= checks.window_close_date, false
    ) as is_active,
    case
        when checks.is_found is null and checks.looked_from_date <= checks.window_start_date
            then coalesce((checks.first_active_month || '-01')::date <= checks.window_start_date, false)
    end as is_active_at_start,
from checks
inner join sources on checks.source_id = sources.source_id
