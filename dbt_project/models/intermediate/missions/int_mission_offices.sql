with

offices as ({{ roster_at_cut('stg_roster__offices') }}),

terms as (
    select
        editions.year,
        terms.office_code,
    from {{ ref('int_terms') }} as terms
    inner join {{ ref('int_editions') }} as editions
        on
            coalesce(terms.first_at < editions.window_close_date::timestamptz, true)
            and coalesce(terms.until_at > editions.window_start_date::timestamptz, true)
),

-- A ministry has no host: its place is its own state.
placed as (
    select
        editions.year,
        offices.office_code,
        offices.country_code,
        offices.category_code,
        coalesce(offices.host_country_code, offices.country_code) as host_country_code,
        offices.host_name,
    from offices
    cross join {{ ref('int_editions') }} as editions
    where
        offices.category_code in ('embassy', 'consulate', 'permanent_mission', 'head_of_mission', 'foreign_ministry')
        and (
            offices.office_code not in (select office_code from {{ ref('int_terms') }})
            or (editions.year, offices.office_code) in (select (year, office_code) from terms)
        )
)

select
    *,
    dense_rank() over (
        partition by year
        order by country_code, category_code, host_country_code, host_name
    ) as site_number,
from placed
