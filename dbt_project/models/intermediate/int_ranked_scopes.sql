with

tenures as (
    select
        *,
        concat_ws('/', account_id, holder_id, term_start_date) as subject,
    from {{ ref('int_tenures') }}
),

members as (
    select * from {{ ref('int_account_group_members') }}
),

groups as (
    select
        *,
        group_type_code || ':' || group_code as scope,
    from {{ ref('int_tenure_groups') }}
    where
        group_type_code in (
            'm49-region', 'm49-subregion', 'audience-region', 'eu', 'g7', 'g20', 'category', 'account_type', 'gender'
        )
),

subjects as (
    select
        tenures.tenure_id,
        tenures.platform_code,
        unnest([
            {'grain_code': 'account', 'subject': tenures.subject},
            {'grain_code': 'account_group', 'subject': coalesce(members.subject, tenures.subject)},
            {'grain_code': 'country', 'subject': tenures.country_code},
            {
                'grain_code': 'person',
                'subject': case when tenures.holder_kind_code = 'person' then tenures.holder_id end
            }
        ], recursive := true),
    from tenures
    left join members on tenures.account_id = members.account_id and tenures.holder_id = members.holder_id
)

-- Whoever was in it on one account or in one office is in a group; a state has no office, a person no type of account.
select distinct
    subjects.grain_code,
    subjects.platform_code,
    subjects.subject,
    groups.scope,
from subjects
inner join groups on subjects.tenure_id = groups.tenure_id
where
    subjects.subject is not null
    and not (subjects.grain_code = 'person' and groups.group_type_code = 'account_type')
    and not (
        subjects.grain_code = 'country' and groups.group_type_code in ('account_type', 'category', 'gender')
    )
