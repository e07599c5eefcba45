-- A subject is eligible for a list if it is in office with an account on the platform at the edition's end.
with

current_tenures as (
    select
        year,
        figures.platform_code,
        unnest([
            {'grain_code': 'account', 'subject': figures.account_id},
            {'grain_code': 'account_group', 'subject': coalesce(members.subject, figures.account_id)},
            {'grain_code': 'state', 'subject': figures.country_code},
            {
                'grain_code': 'person',
                'subject': case when figures.holder_kind_code = 'person' then figures.holder_id end
            }
        ], recursive := true),
    from {{ ref('int_tenure_figures') }} as figures
    inner join {{ ref('int_editions') }} as editions using (year)
    left join {{ ref('int_account_group_members') }} as members using (year, account_id, holder_id)
    where figures.tenure_end_at = editions.window_close_date::timestamptz
),

current_subjects as (
    select distinct *
    from current_tenures
    where subject is not null
)

select
    *,
    'in_office' as scope,
from current_subjects
union all by name
select *
from current_subjects
inner join {{ ref('int_figure_scopes') }} using (year, platform_code, grain_code, subject)
