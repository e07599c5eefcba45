with

assignments as ({{ roster_at_cut('stg_roster__assignments') }}),

terms as (
    select * from {{ ref('int_terms') }}
),

-- An account that goes with an office passes at the instant at which the office does.
starts as (
    select
        assignments.account_id,
        assignments.holder_id,
        assignments.start_date,
        assignments.end_date,
        coalesce(max(terms.first_at), assignments.start_date::timestamptz) as first_at,
    from assignments
    left join terms on assignments.holder_id = terms.holder_id and assignments.start_date = terms.start_date
    group by assignments.account_id, assignments.holder_id, assignments.start_date, assignments.end_date
)

-- A day that two holders of an account share is the incoming one's.
select
    account_id,
    holder_id,
    start_date,
    first_at,
    coalesce(
        (
            select min(incoming.first_at)
            from starts as incoming
            where
                incoming.account_id = starts.account_id
                and incoming.holder_id != starts.holder_id
                and incoming.start_date = starts.end_date
        ),
        (end_date + 1)::timestamptz
    ) as until_at,
from starts
