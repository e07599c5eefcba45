with

tenures as (
    select * from {{ ref('int_tenures') }}
),

assignments as (
    select * from {{ ref('int_assignments') }}
),

stocks as (
    select
        editions.year,
        stocks.*,
    from {{ ref('int_stocks') }} as stocks
    inner join {{ ref('int_editions') }} as editions
        on
            stocks.observed_from_date >= editions.window_start_date
            and stocks.observed_until_date <= editions.window_end_date
    where stocks.class_code = 'observed'
),

creations as (
    select * from {{ ref('int_account_creations') }}
),

-- What an account did since it was created is not the doing of one who took it over.
heirs as (
    select distinct
        later.account_id,
        later.holder_id,
    from assignments as later
    inner join assignments as earlier
        on later.account_id = earlier.account_id and later.holder_id != earlier.holder_id
    where earlier.first_at < later.first_at or (earlier.first_at is null and later.first_at is not null)
),

figures as (
    select
        stocks.*,
        unnest([
            {'figure_code': 'following', 'figure_count': following_count},
            {'figure_code': 'listed', 'figure_count': listed_count},
            {'figure_code': 'lifetime_posts', 'figure_count': lifetime_posts_count}
        ], recursive := true),
    from stocks
)

-- As an audience: of the holder current when it was observed, and all through the month where only that is known.
select
    tenures.year,
    tenures.tenure_id,
    figures.figure_code,
    figures.figure_count,
    figures.observed_at,
    case
        when heirs.account_id is null then figures.observed_at::date - creations.account_created_at::date + 1
    end as account_days_count,
    figures.source_id,
from tenures
inner join figures
    on
        tenures.year = figures.year
        and tenures.account_id = figures.account_id
        and coalesce(figures.observed_from_date::timestamptz >= tenures.held_start_at, true)
        and coalesce((figures.observed_until_date + 1)::timestamptz <= tenures.held_end_at, true)
left join creations on tenures.account_id = creations.account_id
left join heirs on tenures.account_id = heirs.account_id and tenures.holder_id = heirs.holder_id
where figures.figure_count is not null
qualify
    row_number() over (
        partition by tenures.year, tenures.tenure_id, figures.figure_code
        order by figures.observed_at desc, figures.ledger_position desc, figures.event_id desc
    ) = 1
