with

tenures as (
    select * from {{ ref('int_tenures') }}
),

profiles as (
    select * from {{ ref('stg_x__accounts') }} where ledger_position <= {{ var('cut') }}
)

-- A stock belongs to the year, and to the holder, that was current when it was observed.
select
    tenures.tenure_id,
    profiles.followers_count,
    profiles.observed_at as followers_at,
from tenures
inner join profiles
    on
        tenures.account_id = profiles.account_id
        and profiles.observed_at::date between tenures.tenure_start_date and tenures.tenure_end_date
qualify
    row_number() over (
        partition by tenures.tenure_id
        order by profiles.observed_at desc, profiles.ledger_position desc, profiles.event_id desc
    ) = 1
