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
        * exclude (ledger_position, subject, is_ended, platform_codes),
        unnest(string_split(platform_codes, ' ')) as platform_code,
    from sessions
    where start_at < {{ window_close_date() }}::timestamptz and end_at > {{ window_start_date() }}::timestamptz
),

-- The office's holders answer from whatever account is theirs.
holders as (
    select distinct
        sittings.session_id,
        sittings.platform_code,
        sittings.start_at,
        sittings.end_at,
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
            terms.holder_id = tenures.holder_id
            and sittings.platform_code = tenures.platform_code
            and tenures.tenure_start_at < sittings.end_at
            and tenures.tenure_end_at > sittings.start_at
),

whole as (
    select distinct
        holders.session_id,
        holders.account_id,
    from holders
    inner join {{ ref('int_collected_stretches') }} as stretches
        on
            holders.account_id = stretches.account_id
            and coalesce(stretches.start_at <= holders.start_at, true)
            and stretches.end_at >= holders.end_at
)

select
    sittings.*,
    holders.account_id,
    holders.holder_id,
    whole.account_id is not null as is_collected,
from sittings
left join holders on sittings.session_id = holders.session_id and sittings.platform_code = holders.platform_code
left join whole on holders.session_id = whole.session_id and holders.account_id = whole.account_id
