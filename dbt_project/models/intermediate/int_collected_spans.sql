with

posts as (
    select * from {{ ref('stg_x__posts') }}
),

profiles as (
    select * from {{ ref('stg_x__accounts') }}
),

platforms as ({{ roster_at_cut('stg_roster__platforms') }}),

-- One capture of a timeline: what one source saw of one account at one instant.
captures as (
    select
        account_id,
        source_id,
        observed_at,
        count(distinct post_id) as posts_count,
        min(posted_at) as oldest_posted_at,
    from posts
    where ledger_position <= {{ var('cut') }}
    group by all
),

spans as (
    select
        captures.account_id,
        captures.source_id,
        captures.observed_at as span_end_at,
        captures.posts_count >= coalesce(platforms.timeline_reach_count, captures.posts_count + 1) as is_reach_limited,
        case
            when is_reach_limited then captures.oldest_posted_at
            else coalesce(profiles.account_created_at, captures.oldest_posted_at)
        end as span_start_at,
    from captures
    left join profiles
        on
            captures.account_id = profiles.account_id
            and captures.source_id = profiles.source_id
            and captures.observed_at = profiles.observed_at
            and profiles.ledger_position <= {{ var('cut') }}
    left join platforms on split_part(captures.account_id, ':', 1) = platforms.platform_code
)

select
    account_id,
    span_start_at,
    span_end_at,
    is_reach_limited,
    source_id,
from spans
qualify row_number() over (partition by account_id order by span_end_at desc, source_id asc, span_start_at asc) = 1
