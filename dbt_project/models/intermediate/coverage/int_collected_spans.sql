with

captures as (
    select * from {{ ref('int_captures') }}
),

profiles as (
    select * from {{ ref('int_account_sightings') }}
),

platforms as ({{ roster_at_cut('stg_roster__platforms') }}),

sources as ({{ roster_at_cut('stg_roster__sources') }}),

creations as (
    select * from {{ ref('int_account_creations') }}
),

-- Compares the posts of a capture with those that the profile counts and the platform shows. A few fewer are posts that
-- were deleted or withheld. Clearly fewer are a sample, unless the source says that it has the newest without a gap.
compared as (
    select
        captures.*,
        coalesce(
            captures.posts_count >= profiles.lifetime_posts_count * {{ var('whole_timeline_share') }}
            and coalesce(
                greatest(captures.posts_count, profiles.lifetime_posts_count) < platforms.timeline_reach_count, true
            ),
            false
        ) as is_whole,
        captures.is_cut_short
        or coalesce(sources.timeline_code = 'sample', false)
        or coalesce(
            sources.timeline_code is null
            and captures.posts_count
            < least(profiles.lifetime_posts_count, platforms.timeline_reach_count) * {{ var('whole_timeline_share') }},
            sources.timeline_code is null
        ) as is_sample,
    from captures
    inner join sources on captures.source_id = sources.source_id
    left join profiles
        on
            captures.account_id = profiles.account_id
            and captures.source_id = profiles.source_id
            and captures.observed_date = profiles.observed_date
    left join platforms on split_part(captures.account_id, ':', 1) = platforms.platform_code
),

spans as (
    select
        account_id,
        source_id,
        case when not is_whole then oldest_posted_at end as oldest_posted_at,
        observed_at as span_end_at,
        case
            when is_sample then 'incomplete_capture'
            when not is_whole then 'reach_limit'
        end as limit_reason,
    from compared
    union all
    -- A run needs no comparison: it says itself what it saw.
    select
        account_id,
        source_id,
        span_start_at as oldest_posted_at,
        span_end_at,
        limit_reason,
    from {{ ref('stg_timelines') }}
    where {{ counts() }}
)

-- No span begins before the account was created. If the account was captured before that instant, the instant is wrong
-- and is not used.
select
    spans.account_id,
    spans.source_id,
    case
        when coalesce(spans.limit_reason != 'incomplete_capture', true)
            then greatest(spans.oldest_posted_at, creations.first_account_created_at)
    end as span_start_at,
    spans.span_end_at,
    spans.oldest_posted_at as collected_from_at,
    creations.first_account_created_at as account_created_at,
    spans.limit_reason,
from spans
left join creations
    on spans.account_id = creations.account_id and spans.span_end_at >= creations.first_account_created_at
