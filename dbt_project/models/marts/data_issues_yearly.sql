with

editions as (
    select * from {{ ref('int_editions') }}
),

-- The accounts that were listed by the year's end.
accounts as (
    select
        editions.year,
        accounts.*,
    from {{ ref('int_accounts') }} as accounts
    inner join editions on accounts.listed_date <= editions.window_end_date
),

assignments as (
    select * from {{ ref('int_assignments') }}
),

joins as (
    select
        editions.year,
        joins.*,
    from {{ ref('int_account_joins') }} as joins
    inner join editions on joins.listed_date <= editions.window_end_date
),

creations as (
    select * from {{ ref('int_account_creations') }}
),

-- The account for which a source searched: the one that it lists for the state, platform and type of account.
looks as (
    select
        presence.*,
        accounts.account_id,
        accounts.handle,
    from {{ ref('int_presence') }} as presence
    inner join {{ ref('int_accounts') }} as accounts
        on
            presence.source_id = accounts.source_id
            and presence.country_code = accounts.country_code
            and presence.platform_code = accounts.platform_code
            and presence.account_type_code = accounts.account_type_code
),

-- A file belongs to every edition; a run over a platform belongs to the year in which it ran.
last_collections as (
    select
        editions.year,
        collections.*,
    from {{ ref('stg_collections') }} as collections
    inner join editions on not collections.is_run or year(collections.recorded_at) = editions.year
    where collections.ledger_position <= {{ cut() }}
    qualify
        row_number() over (
            partition by editions.year, collections.source_id, collections.input_name
            order by collections.ledger_position desc
        ) = 1
),

handles as (
    select
        editions.year,
        handles.*,
        split_part(handles.account_id, ':', 1) as platform_code,
    from {{ ref('int_handles') }} as handles
    inner join editions on handles.first_seen_date <= editions.window_end_date
    where not {{ is_by_handle('handles.account_id') }}
),

issues as (
    select
        looks.year,
        'active_before_created' as issue_code,
        looks.account_id as subject,
        looks.handle || ' is active from ' || looks.first_active_month || '-01, but the account was created on '
        || creations.first_account_created_at::date as detail,
        looks.source_id,
    from looks
    inner join creations on looks.account_id = creations.account_id
    where looks.is_active and (looks.first_active_month || '-01')::date < creations.first_account_created_at::date
    union all
    select
        looks.year,
        'listed_never_active' as issue_code,
        looks.account_id as subject,
        looks.handle || ' is in the register, but the panel never saw it active' as detail,
        looks.source_id,
    from looks
    where looks.first_active_month is null and not looks.is_active
    union all
    select
        observed.year,
        'seen_but_not_found' as issue_code,
        observed.country_code || '/' || observed.platform_code || '/' || presence.account_type_code as subject,
        'looked for up to ' || presence.checked_date || ' and not found, but seen in the year' as detail,
        presence.source_id,
    from {{ ref('int_observed_presence') }} as observed
    inner join {{ ref('int_presence') }} as presence using (year, country_code, platform_code)
    where
        not presence.is_active
        and case presence.account_type_code
            when 'personal' then observed.has_personal else observed.has_institutional
        end
    union all
    select
        editions.year,
        'two_values_at_once' as issue_code,
        contradictions.account_id || '/' || contradictions.audience_code || '/'
        || strftime(contradictions.observed_at, '%Y-%m-%dT%H:%M:%SZ') as subject,
        contradictions.values_named || '; read last and counted: ' || contradictions.last_value_named as detail,
        contradictions.source_id,
    from {{ ref('int_contradictions') }} as contradictions
    inner join editions on year(contradictions.observed_at) = editions.year
    union all
    select
        accounts.year,
        'created_after_listed' as issue_code,
        accounts.account_id as subject,
        accounts.handle || ' is listed as of ' || accounts.listed_date || ', but was created on '
        || creations.first_account_created_at::date as detail,
        accounts.source_id,
    from accounts
    inner join creations on accounts.account_id = creations.account_id
    where accounts.listed_date < creations.first_account_created_at::date
    union all
    select
        accounts.year,
        'holder_unknown' as issue_code,
        accounts.account_id as subject,
        accounts.handle || ' is listed, but nobody is entered who speaks through it' as detail,
        accounts.source_id,
    from accounts
    anti join assignments on accounts.account_id = assignments.account_id
    union all
    select
        later.year,
        'handle_changed_hands' as issue_code,
        later.account_id as subject,
        later.handle || ' was the handle of ' || earlier.account_id || ', last seen on ' || earlier.last_seen_date
            as detail,
        later.source_id,
    from handles as later
    inner join handles as earlier
        on
            later.year = earlier.year
            and later.handle_key = earlier.handle_key
            and later.platform_code = earlier.platform_code
            and later.account_id != earlier.account_id
            and (later.first_seen_date, later.account_id) > (earlier.first_seen_date, earlier.account_id)
    union all
    select
        year,
        'handle_of_two' as issue_code,
        listed_account_id as subject,
        handle || ' is listed as of ' || listed_date || ' without an id, and was seen as the handle of '
        || seen_account_ids as detail,
        source_id,
    from joins
    where is_of_two
    union all
    select
        joins.year,
        'assignment_left_out' as issue_code,
        joins.listed_account_id as subject,
        joins.handle || ' is ' || joins.account_id || ', and what is entered for that account leaves out '
        || entered.holder_id as detail,
        joins.source_id,
    from joins
    inner join ({{ roster_at_cut('stg_roster__assignments') }}) as entered
        on joins.listed_account_id = entered.account_id
    left join assignments
        on joins.account_id = assignments.account_id and entered.holder_id = assignments.holder_id
    where joins.account_id is not null and assignments.account_id is null
    union all
    select
        year,
        'rows_in_quarantine' as issue_code,
        source_id || '/' || input_name as subject,
        quarantined_count || ' of ' || rows_count || ' rows could not be read' as detail,
        source_id,
    from last_collections
    where quarantined_count > 0
    union all
    select
        year,
        'questions_undone' as issue_code,
        source_id || '/' || input_name as subject,
        undone_count || ' questions of the run got no answer' as detail,
        source_id,
    from last_collections
    where undone_count > 0
    union all
    select
        year,
        'platform_not_asked' as issue_code,
        source_id || '/' || input_name as subject,
        outcome_code as detail,
        source_id,
    from last_collections
    where outcome_code in ('skipped', 'not_collectable', 'stopped', 'failed')
    union all
    select
        editions.year,
        'rows_withdrawn' as issue_code,
        withdrawn.source_id || '/' || withdrawn.input_name as subject,
        'observations that the sheet does not state any more: ' || count(distinct withdrawn.event_id) as detail,
        withdrawn.source_id,
    from {{ ref('stg_by_hand__withdrawn') }} as withdrawn
    cross join editions
    group by editions.year, withdrawn.source_id, withdrawn.input_name
    union all
    select
        editions.year,
        'count_beyond_bound' as issue_code,
        account_id as subject,
        format('{:,} counts above {:,} are taken for unknown', implausible_count, {{ most_plausible() }}) as detail,
        implausible.source_id,
    from {{ ref('int_implausible_counts') }} as implausible
    cross join editions
    union all
    select
        editions.year,
        'source_withdrawn' as issue_code,
        sources.source_id as subject,
        'withdrawn on ' || sources.withdrawn_date || ': ' || sources.withdrawn_reason as detail,
        sources.source_id,
    from ({{ roster_at_cut('stg_roster__sources') }}) as sources
    cross join editions
    where sources.withdrawn_date is not null
)

select
    year,
    issue_code,
    subject,
    detail,
    source_id,
from issues
qualify row_number() over (partition by year, issue_code, subject order by detail) = 1
