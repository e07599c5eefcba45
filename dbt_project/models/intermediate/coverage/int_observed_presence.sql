with

-- Only tenures that last to the end: presence is a state at the edition's end.
figures as (
    select figures.*
    from {{ ref('int_tenure_figures') }} as figures
    inner join {{ ref('int_editions') }} as editions using (year)
    where figures.tenure_end_at = editions.window_close_date::timestamptz
),

-- Somebody saw the handle on the day of the listing. That says nothing of other years.
listings as (
    select
        coalesce(account_id, listed_account_id) as account_id,
        year(listed_date) as year,
        source_id as seen_source_id,
    from {{ ref('int_account_joins') }}
)

select
    year,
    country_code,
    platform_code,
    bool_or(account_type_code = 'personal') as has_personal,
    bool_or(account_type_code = 'institutional') as has_institutional,
    {{ united('seen_source_id') }} as source_id,
from (
    select
        *,
        case when audience_class_code = 'observed' then audience_source_id else source_id end as seen_source_id,
    from figures
    where audience_class_code = 'observed' or posts_count > 0
    union all by name
    select
        figures.*,
        listings.seen_source_id,
    from figures
    inner join listings using (year, account_id)
) as seen
group by year, country_code, platform_code
