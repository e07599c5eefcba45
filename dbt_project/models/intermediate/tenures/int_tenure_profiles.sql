with

assignments as (
    select * from {{ ref('int_assignments') }}
),

creations as (
    select * from {{ ref('int_account_creations') }}
),

-- Holders who took the account over: its posts since the creation are not all theirs.
successors as (
    select distinct
        later.account_id,
        later.holder_id,
    from assignments as later
    inner join assignments as earlier
        on later.account_id = earlier.account_id and later.holder_id != earlier.holder_id
    where earlier.first_at < later.first_at or (earlier.first_at is null and later.first_at is not null)
),

figures as (
    select *
    from {{ ref('int_judged_stocks') }}
    where observed_year = year and class_code = 'observed' and figure_code != 'audience'
)

select
    figures.year,
    figures.tenure_id,
    figures.figure_code,
    figures.figure_count,
    figures.observed_at,
    case
        when successors.account_id is null then figures.observed_at::date - creations.account_created_at::date + 1
    end as account_days_count,
    figures.unranked_reason,
    figures.source_id,
from figures
left join creations on figures.account_id = creations.account_id
left join successors on figures.account_id = successors.account_id and figures.holder_id = successors.holder_id
qualify
    row_number() over (
        partition by figures.year, figures.tenure_id, figures.figure_code
        order by
            list_position(['outside_window', 'bound'], figures.unranked_reason) nulls first,
            figures.rounding_code = 'exact' desc,
            figures.observed_at desc,
            figures.ledger_position desc,
            figures.event_id desc
    ) = 1
