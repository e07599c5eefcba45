with

accounts as ({{ roster_at_cut('stg_roster__accounts') }}),

listed as (
    select
        account_id as listed_account_id,
        handle,
        listed_date,
        source_id,
    from accounts
    where {{ is_by_handle('account_id') }}
),

-- A row of the roster with an id and the handle proves the pair at any time: it has no date.
sightings as (
    select
        {{ listed_as('account_id', 'handle') }} as listed_account_id,
        account_id,
        null::date as seen_date,
    from accounts
    where not {{ is_by_handle('account_id') }}
    union all
    select
        {{ listed_as('account_id', 'handle') }} as listed_account_id,
        account_id,
        observed_at::date as seen_date,
    from {{ ref('int_profiles') }}
    where handle is not null
    union all
    select
        {{ listed_as('account_id', 'handle') }} as listed_account_id,
        account_id,
        observed_at::date as seen_date,
    from {{ ref('stg_by_hand__looks') }}
    where handle is not null
),

-- Handles are recycled: an account that had this one long before the listing is another account.
seen as (
    select
        listed.listed_account_id,
        sightings.account_id,
        bool_or(coalesce(sightings.seen_date <= listed.listed_date + {{ var('join_days') }}, true)) as is_in_time,
    from listed
    inner join sightings using (listed_account_id)
    where coalesce(sightings.seen_date >= listed.listed_date - {{ var('join_days') }}, true)
    group by listed.listed_account_id, sightings.account_id
),

ids as (
    select
        listed_account_id,
        count(*) as ids_count,
        count_if(is_in_time) as ids_in_time_count,
        string_agg(account_id, ' ' order by account_id) as seen_account_ids,
        min(account_id) as account_id,
    from seen
    group by listed_account_id
)

select
    listed.listed_account_id,
    listed.handle,
    listed.listed_date,
    case when ids.ids_count = 1 and ids.ids_in_time_count = 1 then ids.account_id end as account_id,
    ids.seen_account_ids,
    coalesce(ids.ids_count > 1 and ids.ids_in_time_count > 0, false) as is_of_two,
    listed.source_id,
from listed
left join ids using (listed_account_id)
