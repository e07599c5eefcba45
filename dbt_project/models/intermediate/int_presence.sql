with

observations as (
    select * from {{ ref('stg_by_hand__presence') }} where ledger_position <= {{ var('cut') }}
),

sources as ({{ roster_at_cut('stg_roster__sources') }}),

-- The last look of those that fall into the window; what was looked at in other years says nothing of this one.
looks as (
    select *
    from observations
    where looked_from_date <= {{ window_end_date() }} and looked_until_date >= {{ window_start_date() }}
    qualify
        row_number() over (
            partition by source_id, subject
            order by observed_at desc, ledger_position desc, event_id desc
        ) = 1
)

select
    looks.source_id,
    sources.scope,
    looks.country_code,
    looks.platform_code,
    looks.account_type_code,
    least(looks.looked_until_date, {{ window_close_date() }}) as checked_date,
    looks.first_active_month,
    coalesce((looks.first_active_month || '-01')::date <= {{ window_close_date() }}, false) as is_active,
    case
        when looks.looked_from_date <= {{ window_start_date() }}
            then coalesce((looks.first_active_month || '-01')::date <= {{ window_start_date() }}, false)
    end as is_active_at_start,
from looks
inner join sources on looks.source_id = sources.source_id
