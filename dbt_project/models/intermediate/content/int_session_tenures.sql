with

sessions as ({{ roster_at_cut('stg_roster__question_sessions') }}),

terms as (
    select * from {{ ref('int_terms') }}
),

tenures as (
    select * from {{ ref('int_tenures') }}
),

-- A session over New Year belongs to both years, each with what was posted in it.
sittings as (
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

-- The office's holders answer from whatever account is theirs.
holders as (
    select distinct
        sittings.year,
        sittings.session_id,
        sittings.platform_code,
        tenures.account_id,
        tenures.holder_id,
    from sittings
    inner join terms
        on
            sittings.office_code = terms.office_code
            and coalesce(terms.first_at < sittings.end_at, true)
            and coalesce(terms.until_at > sittings.start_at, true)
    inner join tenures
        on
            sittings.year = tenures.year
            and terms.holder_id = tenures.holder_id
            and sittings.platform_code = tenures.platform_code
            and tenures.tenure_start_at < sittings.end_at
            and tenures.tenure_end_at > sittings.start_at
)

select
    sittings.*,
    holders.account_id,
    holders.holder_id,
from sittings
left join holders using (year, session_id, platform_code)
