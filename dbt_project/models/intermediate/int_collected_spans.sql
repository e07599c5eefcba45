with

posts as (
    select * from {{ ref('int_post_observations') }}
),

profiles as (
    select * from {{ ref('int_profiles') }}
),

-- An input that was mended and collected again is judged by its last collection.
collections as (
    select
        ledger_position,
        last_value(is_cut_short) over (
            partition by source_id, input_name
            order by ledger_position
            rows between unbounded preceding and unbounded following
        ) as is_cut_short,
    from {{ ref('stg_collections') }}
    where ledger_position <= {{ var('cut') }} and not is_run
),

platforms as ({{ roster_at_cut('stg_roster__platforms') }}),

-- One capture of a timeline: what one source saw of one account on one day; each page has an instant of its own.
captures as (
    select
        posts.account_id,
        posts.source_id,
        max(posts.observed_at) as observed_at,
        count(distinct posts.post_id) as posts_count,
        min(posts.posted_at) as oldest_posted_at,
        bool_or(collections.is_cut_short) as is_cut_short,
    from posts
    inner join collections on posts.ledger_position = collections.ledger_position
    group by posts.account_id, posts.source_id, posts.observed_at::date
),

seen_profiles as (
    select
        account_id,
        source_id,
        observed_at::date as observed_date,
        max(lifetime_posts_count) as lifetime_posts_count,
        min(account_created_at) as account_created_at,
    from profiles
    group by all
),

creations as (
    select
        account_id,
        min(account_created_at) as account_created_at,
    from profiles
    group by account_id
),

-- Older posts are missing where the platform showed no more of them, or where the capture holds clearly fewer posts
-- than the profile counts. A few fewer are posts that were deleted or withheld.
reaches as (
    select
        captures.*,
        seen_profiles.account_created_at,
        coalesce(
            greatest(captures.posts_count, seen_profiles.lifetime_posts_count) >= platforms.timeline_reach_count,
            false
        ) as is_reach_limited,
        captures.is_cut_short
        or coalesce(captures.posts_count < seen_profiles.lifetime_posts_count * {{ var('whole_timeline_share') }}, true)
            as is_incomplete,
    from captures
    left join seen_profiles
        on
            captures.account_id = seen_profiles.account_id
            and captures.source_id = seen_profiles.source_id
            and captures.observed_at::date = seen_profiles.observed_date
    left join platforms on split_part(captures.account_id, ':', 1) = platforms.platform_code
)

select
    account_id,
    source_id,
    case when is_reach_limited or is_incomplete then oldest_posted_at else account_created_at end as span_start_at,
    observed_at as span_end_at,
    account_created_at,
    case
        when is_reach_limited then 'reach_limit'
        when is_incomplete then 'incomplete_capture'
    end as limit_reason,
from reaches
union all
-- A run says itself what it saw of which timeline.
select
    timelines.account_id,
    timelines.source_id,
    timelines.span_start_at,
    timelines.span_end_at,
    creations.account_created_at,
    timelines.limit_reason,
from {{ ref('stg_timelines') }} as timelines
left join creations on timelines.account_id = creations.account_id
where timelines.ledger_position <= {{ var('cut') }}
