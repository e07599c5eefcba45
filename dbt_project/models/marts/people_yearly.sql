with

figures as (
    select * from {{ ref('int_tenure_figures') }} where holder_kind_code = 'person'
),

holders as ({{ roster_at_cut('stg_roster__holders') }}),

offices as (
    select * from {{ ref('int_offices') }}
),

-- The accounts of a person, each once, whichever states the person's offices belong to.
accounts as (
    select
        year,
        account_id,
        holder_id,
        platform_code,
        bool_or(has_posts) as has_posts,
        bool_and(has_replies) as has_replies,
        case when bool_or(has_posts) then bool_or(coalesce(is_partial, true)) end as is_partial,
        last(audience_code order by audience_at) filter (audience_count is not null) as audience_code,
        last(audience_count order by audience_at) filter (audience_count is not null) as audience_count,
        max(audience_at) as audience_at,
    from {{ ref('int_holder_accounts') }}
    group by year, account_id, holder_id, platform_code
),

persons as (
    select distinct
        year,
        holder_id,
    from figures
),

people as (
    select
        year,
        holder_id,
        platform_code,
        string_agg(account_id, ' ' order by account_id) as account_ids,
        count(*) as accounts_count,
        count_if(has_posts) as collected_accounts_count,
        bool_and(has_replies) filter (has_posts) as has_replies,
        bool_or(is_partial) as is_partial,
        string_agg(distinct audience_code, ' ' order by audience_code) as audience_code,
        count(audience_count) as audience_accounts_count,
        sum(audience_count) as audience_count,
        max(audience_at) as audience_at,
    from accounts
    inner join persons using (year, holder_id)
    group by year, holder_id, platform_code
),

-- The days of all terms, no matter who spoke through the accounts. Terms may overlap; each day counts once.
days as (
    select
        year,
        holder_id,
        string_agg(distinct country_code, ' ' order by country_code) as country_codes,
        string_agg(distinct country_name, '; ' order by country_name) as country_names,
        string_agg(distinct office_code, ' ' order by office_code) as office_codes,
        string_agg(distinct office_name, '; ' order by office_name) as office_names,
        min(day_date) as first_date,
        max(day_date) as last_date,
        count(distinct day_date) as days_in_office_count,
    from (
        select
            editions.year,
            terms.holder_id,
            offices.country_code,
            offices.country_name,
            offices.office_code,
            offices.office_name,
            unnest(
                generate_series(
                    greatest(terms.first_at::date, editions.window_start_date),
                    least((terms.until_at - interval 1 microsecond)::date, editions.window_end_date),
                    interval 1 day
                )
            )::date as day_date,
        from {{ ref('int_terms') }} as terms
        cross join {{ ref('int_editions') }} as editions
        inner join offices on terms.office_code = offices.office_code
    )
    group by year, holder_id
),

collected as (
    select figures.*
    from figures
    semi join (select * from accounts where has_posts) as accounts using (year, account_id, holder_id)
),

posts as ({{ post_sums('collected', 'year, holder_id, platform_code') }})

select
    year,
    holder_id,
    people.platform_code,
    holders.holder_name,
    holders.wikidata_id,
    days.country_codes,
    days.country_names,
    days.office_codes,
    days.office_names,
    days.first_date,
    days.last_date,
    days.days_in_office_count::bigint as days_in_office_count,
    people.account_ids,
    people.accounts_count::bigint as accounts_count,
    people.collected_accounts_count::bigint as collected_accounts_count,
    {{ post_columns('people.collected_accounts_count > 0', 'people.has_replies') }},
    people.audience_code,
    people.audience_accounts_count::bigint as audience_accounts_count,
    people.audience_count::bigint as audience_count,
    people.audience_at,
    people.is_partial,
from people
inner join holders using (holder_id)
inner join days using (year, holder_id)
left join posts using (year, holder_id, platform_code)
