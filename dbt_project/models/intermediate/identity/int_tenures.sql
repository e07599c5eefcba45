with

terms as (
    select * from {{ ref('int_terms') }}
),

assignments as (
    select * from {{ ref('int_assignments') }}
),

offices as ({{ roster_at_cut('stg_roster__offices') }}),

holders as ({{ roster_at_cut('stg_roster__holders') }}),

accounts as (
    select * from {{ ref('int_accounts') }}
),

held as (
    select
        concat_ws(
            '/',
            accounts.account_id,
            offices.office_code,
            holders.holder_id,
            terms.start_date,
            assignments.start_date
        ) as tenure_id,
        accounts.account_id,
        accounts.platform_code,
        accounts.account_type_code,
        holders.holder_id,
        holders.holder_name,
        holders.holder_kind_code,
        holders.wikidata_id,
        holders.gender_code,
        offices.office_code,
        offices.country_code,
        offices.category_code,
        offices.host_country_code,
        offices.host_name,
        list_position({{ office_categories() }}, offices.category_code) as office_rank,
        terms.start_date as term_start_date,
        terms.end_date as term_end_date,
        terms.evidence_url as term_evidence_url,
        assignments.start_date as assigned_date,
        greatest(terms.first_at, assignments.first_at) as start_at,
        least(terms.until_at, assignments.until_at) as end_at,
    from assignments
    inner join accounts on assignments.account_id = accounts.account_id
    inner join holders on assignments.holder_id = holders.holder_id
    inner join terms on holders.holder_id = terms.holder_id
    inner join offices on terms.office_code = offices.office_code
    where coalesce(start_at < end_at, true)
),

-- Holders of different offices may share an account for a day: `int_terms` does not see that, so it is settled here.
handed_over as (
    select
        held.* exclude (start_at, end_at),
        any_value(held.start_at) as held_start_at,
        least(any_value(held.end_at), min(incoming.start_at)) as held_end_at,
    from held
    left join held as incoming
        on
            held.account_id = incoming.account_id
            and held.holder_id != incoming.holder_id
            and coalesce(held.start_at < incoming.start_at, incoming.start_at is not null)
            and coalesce(incoming.start_at < held.end_at, true)
    group by all
),

tenures as (
    select
        editions.year,
        handed_over.*,
        greatest(handed_over.held_start_at, editions.window_start_date::timestamptz) as tenure_start_at,
        least(handed_over.held_end_at, editions.window_close_date::timestamptz) as tenure_end_at,
    from handed_over
    cross join {{ ref('int_editions') }} as editions
    where tenure_start_at < tenure_end_at
)

-- Offices that a holder entered on the same day become one row: of the highest office, and as long as any of them.
select
    * exclude (office_rank, assigned_date) replace (
        min(held_start_at) over same as held_start_at,
        case when count(held_end_at) over same = count(*) over same then max(held_end_at) over same end as held_end_at,
        min(tenure_start_at) over same as tenure_start_at,
        max(tenure_end_at) over same as tenure_end_at
    ),
    min(tenure_start_at) over same::date as tenure_start_date,
    (max(tenure_end_at) over same - interval 1 microsecond)::date as tenure_end_date,
from tenures
window same as (partition by year, account_id, holder_id, term_start_date, assigned_date)
qualify
    row_number() over (
        partition by year, account_id, holder_id, term_start_date, assigned_date
        order by office_rank, office_code
    ) = 1
