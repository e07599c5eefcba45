with

profiles as (
    select * from {{ ref('int_profiles') }} where account_created_at is not null
),

last_profiles as (
    select *
    from profiles
    qualify
        row_number() over (
            partition by account_id
            order by observed_at desc, ledger_position desc, event_id asc
        ) = 1
)

-- A platform may show another instant later. The earliest one is the safe bound for what the account can have posted.
select
    last_profiles.account_id,
    last_profiles.account_created_at,
    firsts.first_account_created_at,
    last_profiles.handle,
    last_profiles.source_id,
from last_profiles
inner join (
    select
        account_id,
        min(account_created_at) as first_account_created_at,
    from profiles
    group by account_id
) as firsts using (account_id)
