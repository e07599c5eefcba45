with

sessions as ({{ roster_at_cut('stg_roster__question_sessions') }}),

terms as (
    select * from {{ ref('int_terms') }}
),

tenures as (
    select * from {{ ref('int_tenures') }}
),

-- A session over New Year belongs to both editions, and each counts the posts of its own year.
sessions_yearly as (
    select
        editions.year,
        sessions.* exclude (ledger_position, subject, is_ended, platform_codes),
        unnest(string_split(sessions.platform_codes, ' ')) as platform_code,
    from sessions
    inner join {{ ref('int_editions') }} as editions
        on
            sessions.start_at < editions.window_close_date::timestamptz
            and sessions.end_at > editions.window_start_date::timestamptz
),

-- The join is by holder: who holds the office may answer through any of their accounts.
holders as (
    select distinct
        sessions_yearly.year,
        sessions_yearly.session_id,
        sessions_yearly.platform_code,
        tenures.account_id,
        tenures.holder_id,
    from sessions_yearly
    inner join terms
        on
            sessions_yearly.office_code = terms.office_code
            and coalesce(terms.first_at < sessions_yearly.end_at, true)
            and coalesce(terms.until_at > sessions_yearly.start_at, true)
    inner join tenures
        on
            sessions_yearly.year = tenures.year
            and terms.holder_id = tenures.holder_id
            and sessions_yearly.platform_code = tenures.platform_code
            and tenures.tenure_start_at < sessions_yearly.end_at
            and tenures.tenure_end_at > sessions_yearly.start_at
)

select
    sessions_yearly.*,
    holders.account_id,
    holders.holder_id,
from sessions_yearly
left join holders using (year, session_id, platform_code)
