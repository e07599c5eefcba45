with

-- A panel says from which month on an account was active; a look by hand, whether there was one on its day.
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

-- The last look of those that fall into the window; what was looked at in other years says nothing of this one.
looks as (
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
    looks.year,
    looks.source_id,
    sources.scope,
    looks.country_code,
    looks.platform_code,
    looks.account_type_code,
    least(looks.looked_until_date, looks.window_close_date) as checked_date,
    looks.first_active_month,
    coalesce(
        looks.is_found, (looks.first_active_month || '-01')::date <= looks.window_close_date, false
    ) as is_active,
    case
        when looks.is_found is null and looks.looked_from_date <= looks.window_start_date
            then coalesce((looks.first_active_month || '-01')::date <= looks.window_start_date, false)
    end as is_active_at_start,
from looks
inner join sources on looks.source_id = sources.source_id
