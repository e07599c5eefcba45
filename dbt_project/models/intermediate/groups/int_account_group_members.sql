with

account_groups as (
    select entries.* replace (coalesce(joins.account_id, entries.account_id) as account_id)
    from ({{ roster_at_cut('stg_roster__account_groups') }}) as entries
    left join {{ ref('int_account_joins') }} as joins on entries.account_id = joins.listed_account_id
),

tenures as (
    select * from {{ ref('int_tenures') }}
)

-- The holder is a part of the key, so that nothing is summed across a hand-over.
select
    tenures.year,
    account_groups.account_group_id || '/' || tenures.holder_id as subject,
    account_groups.account_group_name as subject_name,
    tenures.account_id,
    tenures.holder_id,
    tenures.platform_code,
from account_groups
inner join tenures
    on
        account_groups.account_id = tenures.account_id
        and coalesce(account_groups.start_date <= tenures.tenure_end_date, true)
        and coalesce(account_groups.end_date >= tenures.tenure_start_date, true)
where account_groups.policy_code = 'sum'
qualify
    row_number() over (
        partition by tenures.year, tenures.account_id, tenures.holder_id
        order by
            account_groups.end_date desc nulls first,
            account_groups.start_date desc nulls last,
            account_groups.account_group_id asc,
            tenures.tenure_id asc
    ) = 1
