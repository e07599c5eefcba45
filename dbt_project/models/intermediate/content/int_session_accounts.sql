with

sessions as (
    select * from {{ ref('int_session_tenures') }}
),

whole as (
    select distinct
        sessions.year,
        sessions.session_id,
        sessions.account_id,
        true as is_whole,
    from sessions
    inner join {{ ref('int_collected_periods') }} as periods
        on
            sessions.account_id = periods.account_id
            and coalesce(periods.start_at <= sessions.start_at, true)
            and periods.end_at >= sessions.end_at
)

select
    sessions.*,
    coalesce(whole.is_whole, false) as is_whole,
from sessions
left join whole using (year, session_id, account_id)
