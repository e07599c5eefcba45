with

joins as (
    select * from {{ ref('int_account_joins') }} where account_id is not null
),

-- If an account is listed twice, only the assignments of the listing that `int_accounts` keeps count.
assignments as (
    select entries.* replace (coalesce(joins.account_id, entries.account_id) as account_id)
    from ({{ roster_at_cut('stg_roster__assignments') }}) as entries
    left join joins on entries.account_id = joins.listed_account_id
    qualify
        dense_rank() over (
            partition by coalesce(joins.account_id, entries.account_id)
            order by joins.account_id is null desc, joins.listed_date desc, entries.account_id asc
        ) = 1
),

terms as (
    select * from {{ ref('int_terms') }}
),

-- An account that is assigned on the first day of a term changes hands with the office: at the hour of the hand-over.
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

-- A day that two holders share is divided as in `int_terms`.
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
