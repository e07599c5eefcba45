with

accounts as ({{ roster_at_cut('stg_roster__accounts') }}),

joins as (
    select * from {{ ref('int_account_joins') }} where account_id is not null
)

-- The listing by the id goes before one by a handle, and a later listing by a handle before an earlier one.
select
    coalesce(joins.account_id, accounts.account_id) as account_id,
    accounts.account_id as listed_account_id,
    accounts.platform_code,
    accounts.handle,
    accounts.country_code,
    accounts.account_type_code,
    accounts.listed_date,
    accounts.source_id,
from accounts
left join joins on accounts.account_id = joins.listed_account_id
qualify
    row_number() over (
        partition by coalesce(joins.account_id, accounts.account_id)
        order by joins.account_id is null desc, accounts.listed_date desc, accounts.account_id asc
    ) = 1
