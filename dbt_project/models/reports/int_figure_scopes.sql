with

tenures as (
    select * from {{ ref('int_tenure_figures') }}
),

groups as (
    select
        year,
        tenure_id,
        group_type_code,
        group_type_code || ':' || group_code as scope,
    from {{ ref('int_tenure_groups') }}
    where
        group_type_code in (
            'm49-region', 'm49-subregion', 'audience-region', 'eu', 'g7', 'g20', 'category', 'account_type', 'gender'
        )
),

-- An account is in the groups of its last tenure of the year; a person or a state is in those of all its tenures.
subjects as (
    select
        year,
        tenure_id,
        tenures.platform_code,
        unnest([
            {'grain_code': 'account', 'subject': accounts.account_id},
            {'grain_code': 'account_group', 'subject': coalesce(members.subject, accounts.account_id)},
            {'grain_code': 'state', 'subject': tenures.country_code},
            {
                'grain_code': 'person',
                'subject': case when tenures.holder_kind_code = 'person' then tenures.holder_id end
            }
        ], recursive := true),
    from tenures
    left join {{ ref('int_account_group_members') }} as members using (year, account_id, holder_id)
    left join {{ ref('int_account_figures') }} as accounts using (year, tenure_id)
)

-- States are not ranked by category, gender or account type, and persons not by account type.
select distinct
    year,
    subjects.grain_code,
    subjects.platform_code,
    subjects.subject,
    groups.scope,
from subjects
inner join groups using (year, tenure_id)
where
    subjects.subject is not null
    and not (subjects.grain_code = 'person' and groups.group_type_code = 'account_type')
    and not (
        subjects.grain_code = 'state' and groups.group_type_code in ('account_type', 'category', 'gender')
    )
