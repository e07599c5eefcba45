with

posts as (
    select * from {{ ref('stg_x__posts') }} where ledger_position <= {{ var('cut') }}
),

profiles as (
    select * from {{ ref('stg_x__accounts') }} where ledger_position <= {{ var('cut') }}
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
    where ledger_position <= {{ var('cut') }}
),

platforms as ({{ roster_at_cut('stg_roster__platforms') }}),

-- One capture of a timeline: what one source saw of one account at one instant.
captures as (
    select
        posts.account_id,
        posts.source_id,
        posts.observed_at,
        count(distinct posts.post_id) as posts_count,
        min(posts.posted_at) as oldest_posted_at,
        bool_or(collections.is_cut_short) as is_cut_short,
    from posts
    inner join collections on posts.ledger_position = collections.ledger_position
    group by all
),

seen_profiles as (
    select
        account_id,
        source_id,
        observed_at,
        max(lifetime_posts_count) as lifetime_posts_count,
        min(account_created_at) as account_created_at,
    from profiles
    group by all
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
            and captures.observed_at = seen_profiles.observed_at
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
