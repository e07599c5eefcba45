with

terms as ({{ roster_at_cut('stg_roster__terms') }})

-- A term ends where the next one of the office begins, if that is on its last day.
select
    office_code,
    holder_id,
    start_date,
    end_date,
    evidence_url,
    coalesce(start_at, start_date::timestamptz) as first_at,
    coalesce(
        (
            select min(coalesce(incoming.start_at, incoming.start_date::timestamptz))
            from terms as incoming
            where
                incoming.office_code = terms.office_code
                and incoming.start_date = terms.end_date
                and incoming.start_date > terms.start_date
        ),
        (end_date + 1)::timestamptz
    ) as until_at,
from terms
