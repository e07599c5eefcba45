with

terms as ({{ roster_at_cut('stg_roster__terms') }}),

offices as ({{ roster_at_cut('stg_roster__offices') }}),

holders as ({{ roster_at_cut('stg_roster__holders') }}),

accounts as ({{ roster_at_cut('stg_roster__accounts') }}),

assignments as ({{ roster_at_cut('stg_roster__assignments') }}),

-- On a day that two holders share, the incoming one is in office.
effective_terms as (
    select
        terms.*,
        case
            when
                exists (
                    select 1
                    from terms as incoming
                    where
                        incoming.office_code = terms.office_code
                        and incoming.start_date = terms.end_date
                        and incoming.start_date > terms.start_date
                )
                then terms.end_date - 1
            else terms.end_date
        end as last_date,
    from terms
),

tenures as (
    select
        concat_ws(
            '/',
            accounts.account_id,
            offices.office_code,
            holders.holder_id,
            effective_terms.start_date,
            assignments.start_date
        ) as tenure_id,
        accounts.account_id,
        accounts.handle,
        accounts.account_type_code,
        holders.holder_id,
        holders.holder_name,
        offices.office_code,
        offices.country_code,
        list_position(
            [
                'head_of_state_and_government', 'head_of_state', 'head_of_government', 'foreign_minister',
                'deputy_head_of_government', 'institution'
            ],
            offices.category_code
        ) as office_rank,
        effective_terms.start_date as term_start_date,
        effective_terms.end_date as term_end_date,
        effective_terms.evidence_url as term_evidence_url,
        greatest(effective_terms.start_date, assignments.start_date, {{ window_start_date() }})::date
            as tenure_start_date,
        least(effective_terms.last_date, assignments.end_date, {{ window_end_date() }})::date as tenure_end_date,
    from assignments
    inner join accounts on assignments.account_id = accounts.account_id
    inner join holders on assignments.holder_id = holders.holder_id
    inner join effective_terms on holders.holder_id = effective_terms.holder_id
    inner join offices on effective_terms.office_code = offices.office_code
)

-- Of offices entered on the same day by the same holder, the higher one names the row.
select * exclude (office_rank)
from tenures
where tenure_start_date <= tenure_end_date
qualify
    row_number() over (
        partition by account_id, holder_id, term_start_date, tenure_start_date
        order by office_rank, office_code
    ) = 1
