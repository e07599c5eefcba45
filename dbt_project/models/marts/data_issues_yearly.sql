with

accounts as ({{ roster_at_cut('stg_roster__accounts') }}),

assignments as ({{ roster_at_cut('stg_roster__assignments') }}),

profiles as (
    select
        account_id,
        min(account_created_at) as account_created_at,
    from {{ ref('int_profiles') }}
    group by account_id
),

-- The account that a source's look was at: the one it lists for that state, platform and kind.
looks as (
    select
        accounts.account_id,
        accounts.handle,
        presence.*,
    from {{ ref('int_presence') }} as presence
    inner join accounts
        on
            presence.source_id = accounts.source_id
            and presence.country_code = accounts.country_code
            and presence.platform_code = accounts.platform_code
            and presence.account_type_code = accounts.account_type_code
),

last_collections as (
    select *
    from {{ ref('stg_collections') }}
    where ledger_position <= {{ var('cut') }} and (not is_run or year(recorded_at) = {{ var('year') }})
    qualify row_number() over (partition by source_id, input_name order by ledger_position desc) = 1
),

handles as (
    select
        *,
        split_part(account_id, ':', 1) as platform_code,
    from {{ ref('int_handles') }}
    where first_seen_date <= {{ window_end_date() }}
),

issues as (
    select
        'active_before_created' as issue_code,
        looks.account_id as subject,
        looks.handle || ' is active from ' || looks.first_active_month || '-01, but the account was created on '
        || profiles.account_created_at::date as detail,
        looks.source_id,
    from looks
    inner join profiles on looks.account_id = profiles.account_id
    where looks.is_active and (looks.first_active_month || '-01')::date < profiles.account_created_at::date
    union all
    select
        'listed_never_active' as issue_code,
        looks.account_id as subject,
        looks.handle || ' is in the register, but the panel never saw it active' as detail,
        looks.source_id,
    from looks
    where looks.first_active_month is null and not looks.is_active
    union all
    select
        'created_after_listed' as issue_code,
        accounts.account_id as subject,
        accounts.handle || ' is listed as of ' || accounts.listed_date || ', but was created on '
        || profiles.account_created_at::date as detail,
        accounts.source_id,
    from accounts
    inner join profiles on accounts.account_id = profiles.account_id
    where
        accounts.listed_date < profiles.account_created_at::date
        and accounts.listed_date <= {{ window_end_date() }}
    union all
    select
        'holder_unknown' as issue_code,
        accounts.account_id as subject,
        accounts.handle || ' is listed, but nobody is entered who speaks through it' as detail,
        accounts.source_id,
    from accounts
    anti join assignments on accounts.account_id = assignments.account_id
    where accounts.listed_date <= {{ window_end_date() }}
    union all
    select
        'handle_changed_hands' as issue_code,
        later.account_id as subject,
        later.handle || ' was the handle of ' || earlier.account_id || ', last seen on ' || earlier.last_seen_date
        as detail,
        later.source_id,
    from handles as later
    inner join handles as earlier
        on
            later.handle_key = earlier.handle_key
            and later.platform_code = earlier.platform_code
            and later.account_id != earlier.account_id
            and (later.first_seen_date, later.account_id) > (earlier.first_seen_date, earlier.account_id)
    union all
    select
        'rows_in_quarantine' as issue_code,
        source_id || '/' || input_name as subject,
        quarantined_count || ' of ' || rows_count || ' rows could not be read' as detail,
        source_id,
    from last_collections
    where quarantined_count > 0
    union all
    select
        'questions_undone' as issue_code,
        source_id || '/' || input_name as subject,
        undone_count || ' questions of the run got no answer' as detail,
        source_id,
    from last_collections
    where undone_count > 0
    union all
    select
        'platform_not_asked' as issue_code,
        source_id || '/' || input_name as subject,
        outcome_code as detail,
        source_id,
    from last_collections
    where outcome_code in ('skipped', 'not_collectable', 'stopped')
)

select
    {{ var('year') }}::integer as year,
    issue_code,
    subject,
    detail,
    source_id,
from issues
qualify row_number() over (partition by issue_code, subject order by detail) = 1
