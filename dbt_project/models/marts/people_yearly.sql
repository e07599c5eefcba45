with

tenures as (
    select * from {{ ref('int_tenures') }} where holder_kind_code = 'person'
),

-- The accounts of a person, each once, whatever states the offices are of.
accounts as (
    select
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
    group by account_id, holder_id, platform_code
),

people as (
    select
        holder_id,
        platform_code,
        any_value(holder_name) as holder_name,
        any_value(wikidata_id) as wikidata_id,
        string_agg(distinct account_id, ' ' order by account_id) as account_ids,
    from tenures
    group by holder_id, platform_code
),

offices as ({{ roster_at_cut('stg_roster__offices') }}),

-- In office by the terms, whoever spoke through the accounts; terms overlap, and each day counts once.
days as (
    select
        holder_id,
        string_agg(distinct country_code, ' ' order by country_code) as country_codes,
        string_agg(distinct office_code, ' ' order by office_code) as office_codes,
        min(day_date) as first_date,
        max(day_date) as last_date,
        count(distinct day_date) as days_in_office_count,
    from (
        select
            terms.holder_id,
            offices.country_code,
            offices.office_code,
            unnest(
                generate_series(
                    greatest(terms.first_at::date, {{ window_start_date() }}),
                    least((terms.until_at - interval 1 microsecond)::date, {{ window_end_date() }}),
                    interval 1 day
                )
            )::date as day_date,
        from {{ ref('int_terms') }} as terms
        inner join offices on terms.office_code = offices.office_code
    )
    group by holder_id
),

sums as (
    select
        holder_id,
        platform_code,
        count(*) as accounts_count,
        count_if(has_posts) as collected_accounts_count,
        bool_or(is_partial) as is_partial,
        string_agg(distinct audience_code, ' ' order by audience_code) as audience_code,
        count(audience_count) as audience_accounts_count,
        sum(audience_count) as audience_count,
        max(audience_at) as audience_at,
    from accounts
    group by holder_id, platform_code
),

posts as (
    select
        accounts.holder_id,
        accounts.platform_code,
        {{ post_sums() }},
    from accounts
    left join {{ ref('int_holder_posts') }} as posts
        on accounts.account_id = posts.account_id and accounts.holder_id = posts.holder_id
    where accounts.has_posts
    group by accounts.holder_id, accounts.platform_code
)

select
    {{ var('year') }}::integer as year,
    people.holder_id,
    people.platform_code,
    people.holder_name,
    people.wikidata_id,
    days.country_codes,
    days.office_codes,
    days.first_date,
    days.last_date,
    days.days_in_office_count::bigint as days_in_office_count,
    people.account_ids,
    sums.accounts_count::bigint as accounts_count,
    sums.collected_accounts_count::bigint as collected_accounts_count,
    {{ post_columns() }},
    sums.audience_code,
    sums.audience_accounts_count::bigint as audience_accounts_count,
    sums.audience_count::bigint as audience_count,
    sums.audience_at,
    sums.is_partial,
from people
inner join sums on people.holder_id = sums.holder_id and people.platform_code = sums.platform_code
inner join days on people.holder_id = days.holder_id
left join posts on people.holder_id = posts.holder_id and people.platform_code = posts.platform_code
