with

offices as ({{ roster_at_cut('stg_roster__offices') }}),

terms as (
    select
        *,
        coalesce(first_at < {{ window_close_date() }}::timestamptz, true)
        and coalesce(until_at > {{ window_start_date() }}::timestamptz, true) as is_this_year,
    from {{ ref('int_terms') }}
),

-- A ministry sits at home, and belongs to the same estate as its missions.
placed as (
    select
        office_code,
        country_code,
        category_code,
        coalesce(host_country_code, country_code) as host_country_code,
        host_name,
    from offices
    where
        category_code in ('embassy', 'consulate', 'permanent_mission', 'head_of_mission', 'foreign_ministry')
        and (
            office_code not in (select office_code from terms)
            or office_code in (select office_code from terms where is_this_year)
        )
)

select
    *,
    dense_rank() over (order by country_code, category_code, host_country_code, host_name) as site_number,
from placed
