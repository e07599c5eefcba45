with

captures as (
    select * from {{ ref('int_captures') }}
),

profiles as (
    select * from {{ ref('int_account_sightings') }}
),

platforms as ({{ roster_at_cut('stg_roster__platforms') }}),

creations as (
    select * from {{ ref('int_account_creations') }}
),

-- Older posts are missing where the platform showed no more of them, or where the capture holds clearly fewer posts
-- than the profile counts. A few fewer are posts that were deleted or withheld.
reaches as (
    select
        captures.*,
        profiles.account_created_at,
        coalesce(
            greatest(captures.posts_count, profiles.lifetime_posts_count) >= platforms.timeline_reach_count,
            false
        ) as is_reach_limited,
        captures.is_cut_short
        or coalesce(captures.posts_count < profiles.lifetime_posts_count * {{ var('whole_timeline_share') }}, true)
            as is_incomplete,
    from captures
    left join profiles
        on
            captures.account_id = profiles.account_id
            and captures.source_id = profiles.source_id
            and captures.observed_date = profiles.observed_date
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
    creations.first_account_created_at as account_created_at,
    timelines.limit_reason,
from (select * from {{ ref('stg_timelines') }} where {{ counts() }}) as timelines
left join creations on timelines.account_id = creations.account_id
