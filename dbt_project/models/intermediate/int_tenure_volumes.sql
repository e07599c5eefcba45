with

tenures as (
    select * from {{ ref('int_tenures') }}
),

pages as (
    select * from {{ ref('stg_x_v2__volumes') }} where ledger_position <= {{ var('cut') }}
),

days as (
    select
        account_id,
        observed_at,
        ledger_position,
        unnest(days) as counted,
    from pages
),

-- A day that was not over when it was counted says too little; a whole one counts as last seen.
whole_days as (
    select
        account_id,
        counted."start" as start_at,
        counted."end" as end_at,
        counted."count" as posts_count,
    from days
    where counted."end" - counted."start" = interval 1 day
    qualify row_number() over (
        partition by account_id, counted."start" order by observed_at desc, ledger_position desc
    ) = 1
)

select
    tenures.tenure_id,
    count(*) as counted_days_count,
    sum(whole_days.posts_count) as counted_posts_count,
from tenures
inner join whole_days
    on
        tenures.account_id = whole_days.account_id
        and whole_days.start_at >= tenures.tenure_start_at
        and whole_days.end_at <= tenures.tenure_end_at
group by tenures.tenure_id
