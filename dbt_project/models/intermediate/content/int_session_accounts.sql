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
    inner join {{ ref('int_collected_stretches') }} as stretches
        on
            sessions.account_id = stretches.account_id
            and coalesce(stretches.start_at <= sessions.start_at, true)
            and stretches.end_at >= sessions.end_at
)

select
    sessions.*,
    coalesce(whole.is_whole, false) as is_whole,
from sessions
left join whole using (year, session_id, account_id)
