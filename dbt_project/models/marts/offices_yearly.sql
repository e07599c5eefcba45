with

editions as (
    select * from {{ ref('int_editions') }}
),

offices as (
    select * from {{ ref('int_offices') }}
),

states as (
    select * from {{ ref('int_states') }}
),

holders as ({{ roster_at_cut('stg_roster__holders') }}),

platforms as ({{ roster_at_cut('stg_roster__platforms') }}),

-- Who holds an office at the year's end. A vacancy is a term of its own in the roster, with evidence.
terms as (
    select
        editions.year,
        terms.office_code,
        case when bool_or(holders.holder_kind_code != 'vacancy') then 'known' else 'vacant' end as holder_status_code,
        string_agg(holders.holder_id, ' ' order by holders.holder_id)
        filter (holders.holder_kind_code != 'vacancy') as holder_ids,
        string_agg(holders.holder_name, '; ' order by holders.holder_id)
        filter (holders.holder_kind_code != 'vacancy') as holder_names,
        string_agg(distinct terms.evidence_url, ' ' order by terms.evidence_url) as evidence_urls,
    from editions
    inner join {{ ref('int_terms') }} as terms
        on
            coalesce(terms.first_at < editions.window_close_date::timestamptz, true)
            and coalesce(terms.until_at >= editions.window_close_date::timestamptz, true)
    inner join holders on terms.holder_id = holders.holder_id
    group by editions.year, terms.office_code
),

-- A release drops rows by their platform, and this table has no such column. So accounts of platforms whose data may
-- not be released are left out here.
accounts as (
    select
        tenures.year,
        tenures.office_code,
        count(distinct tenures.account_id) as accounts_count,
        string_agg(distinct tenures.account_id, ' ' order by tenures.account_id) as account_ids,
    from {{ ref('int_office_tenures') }} as tenures
    inner join editions using (year)
    inner join platforms using (platform_code)
    where tenures.end_at = editions.window_close_date::timestamptz and platforms.redistribution_code != 'not_released'
    group by tenures.year, tenures.office_code
)

select
    year,
    country_code,
    states.country_name,
    office_code,
    offices.office_name,
    offices.category_code,
    offices.category_name,
    offices.host_country_code,
    offices.host_country_name,
    offices.host_name,
    coalesce(terms.holder_status_code, 'not_entered') as holder_status_code,
    terms.holder_ids,
    terms.holder_names,
    coalesce(accounts.accounts_count, 0)::bigint as accounts_count,
    accounts.account_ids,
    terms.evidence_urls,
from offices
inner join states using (country_code)
left join terms using (year, office_code)
left join accounts using (year, office_code)
