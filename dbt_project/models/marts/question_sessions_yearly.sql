with

accounts as (
    select * from {{ ref('int_session_accounts') }}
),

offices as (
    select * from {{ ref('int_offices') }}
),

sessions as (
    select
        year,
        session_id,
        platform_code,
        any_value(session_name) as session_name,
        any_value(office_code) as office_code,
        any_value(start_at) as start_at,
        any_value(end_at) as end_at,
        any_value(questions_count) as questions_count,
        any_value(questions_rounding_code) as questions_rounding_code,
        any_value(evidence_url) as evidence_url,
        count(distinct account_id) as accounts_count,
        count(distinct account_id) filter (is_whole) as whole_accounts_count,
    from accounts
    group by year, session_id, platform_code
),

collected as (
    select distinct
        year,
        session_id,
        platform_code,
        account_id,
    from accounts
    where is_whole
),

-- A collected session without a post has 0; a session that was not collected has no figures.
counts as (
    select
        year,
        session_id,
        platform_code,
        coalesce(sum(answers.posts_count), 0) as posts_count,
        coalesce(sum(answers.answers_count), 0) as answers_count,
        count(distinct answers.answered_account_id) as answered_accounts_count,
    from collected
    left join {{ ref('int_session_answers') }} as answers using (year, session_id, platform_code, account_id)
    group by year, session_id, platform_code
)

select
    year,
    session_id,
    platform_code,
    sessions.session_name,
    office_code,
    offices.office_name,
    offices.country_code,
    offices.country_name,
    sessions.start_at,
    sessions.end_at,
    sessions.questions_count,
    sessions.questions_rounding_code,
    sessions.accounts_count::bigint as accounts_count,
    sessions.whole_accounts_count::bigint as whole_accounts_count,
    case
        when sessions.whole_accounts_count = 0 then 'not_collected'
        when sessions.whole_accounts_count < sessions.accounts_count then 'partly_collected'
        else 'collected'
    end as completeness_code,
    counts.posts_count::bigint as posts_count,
    counts.answers_count::bigint as answers_count,
    counts.answered_accounts_count::bigint as answered_accounts_count,
    sessions.evidence_url,
from sessions
inner join offices using (office_code)
left join counts using (year, session_id, platform_code)
