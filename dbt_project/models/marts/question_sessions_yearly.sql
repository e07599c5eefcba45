with

accounts as (
    select * from {{ ref('int_session_accounts') }}
),

offices as ({{ roster_at_cut('stg_roster__offices') }}),

posts as (
    select * from {{ ref('int_posts') }} where is_in_office
),

sessions as (
    select
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
        count(distinct account_id) filter (is_collected) as collected_accounts_count,
    from accounts
    group by session_id, platform_code
),

counts as (
    select
        accounts.session_id,
        accounts.platform_code,
        count(distinct posts.post_id) as posts_count,
        count(distinct posts.post_id) filter (posts.is_reply_to_other) as answers_count,
        count(distinct posts.replied_to_account_id) filter (posts.is_reply_to_other) as answered_accounts_count,
    from accounts
    left join posts
        on
            accounts.account_id = posts.account_id
            and accounts.holder_id = posts.holder_id
            and posts.posted_at >= accounts.start_at
            and posts.posted_at < accounts.end_at
    where accounts.is_collected
    group by accounts.session_id, accounts.platform_code
)

select
    {{ var('year') }}::integer as year,
    sessions.session_id,
    sessions.platform_code,
    sessions.session_name,
    sessions.office_code,
    offices.country_code,
    sessions.start_at,
    sessions.end_at,
    sessions.questions_count,
    sessions.questions_rounding_code,
    sessions.accounts_count::bigint as accounts_count,
    sessions.collected_accounts_count::bigint as collected_accounts_count,
    case
        when sessions.collected_accounts_count = 0 then 'not_collected'
        when sessions.collected_accounts_count < sessions.accounts_count then 'partly_collected'
        else 'collected'
    end as status,
    counts.posts_count::bigint as posts_count,
    counts.answers_count::bigint as answers_count,
    counts.answered_accounts_count::bigint as answered_accounts_count,
    sessions.evidence_url,
from sessions
inner join offices on sessions.office_code = offices.office_code
left join counts on sessions.session_id = counts.session_id and sessions.platform_code = counts.platform_code
