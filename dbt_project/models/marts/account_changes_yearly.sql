with

accounts as (
    select * from {{ ref('int_accounts') }}
),

handles as (
    select
        *,
        lag(handle) over (partition by account_id order by run_number) as handle_before,
        lag(last_seen_date) over (partition by account_id order by run_number) as last_seen_before_date,
    from {{ ref('int_handles') }}
),

changes as (
    select
        account_id,
        'renamed' as change_code,
        handle_before as value_before,
        handle as value_after,
        last_seen_before_date as not_before_date,
        first_seen_date as not_after_date,
        source_id,
    from handles
    where handle_before is not null
    union all
    select
        account_id,
        'joined' as change_code,
        null as value_before,
        handle as value_after,
        account_created_at::date as not_before_date,
        account_created_at::date as not_after_date,
        source_id,
    from {{ ref('int_account_creations') }}
    union all
    select
        account_id,
        case state_code when 'available' then 'returned' else state_code end as change_code,
        state_before_code as value_before,
        state_code as value_after,
        not_before_date,
        not_after_date,
        source_id,
    from {{ ref('int_account_states') }}
    union all
    select
        account_id,
        case when is_verified then 'verified' else 'unverified' end as change_code,
        case when is_verified then 'unverified' else 'verified' end as value_before,
        change_code as value_after,
        not_before_date,
        not_after_date,
        source_id,
    from {{ ref('int_verification_marks') }}
    union all
    select
        account_id,
        'quiet' as change_code,
        'posting' as value_before,
        'quiet' as value_after,
        quiet_date as not_before_date,
        quiet_date as not_after_date,
        source_id,
    from {{ ref('int_quiet_spells') }}
    union all
    select
        account_id,
        'spoke_again' as change_code,
        'quiet' as value_before,
        'posting' as value_after,
        spoke_not_before_date as not_before_date,
        next_posted_date as not_after_date,
        next_source_id as source_id,
    from {{ ref('int_quiet_spells') }}
    where next_posted_date is not null
)

select
    editions.year,
    changes.account_id,
    changes.change_code,
    changes.not_after_date,
    accounts.country_code,
    states.country_name,
    changes.value_before,
    changes.value_after,
    changes.not_before_date,
    changes.source_id,
from changes
inner join accounts on changes.account_id = accounts.account_id
inner join {{ ref('int_editions') }} as editions on year(changes.not_after_date) = editions.year
inner join {{ ref('int_states') }} as states
    on editions.year = states.year and accounts.country_code = states.country_code
-- Several changes of one kind on one day have one row, the last of them.
qualify
    row_number() over (
        partition by changes.account_id, changes.change_code, changes.not_after_date
        order by changes.not_before_date desc nulls last, changes.value_after asc
    ) = 1
