with

tenures as (
    select * from {{ ref('int_tenures') }}
),

spans as (
    select * from {{ ref('int_tenure_spans') }}
),

counts as (
    select * from {{ ref('int_tenure_counts') }}
),

audience as (
    select * from {{ ref('int_tenure_audience') }}
),

-- Collected and no post gives true zeros; not collected gives nothing.
collected as (
    select
        spans.tenure_id,
        spans.source_id,
        spans.days_count,
        spans.partial_reason,
        case when counts.tenure_id is null then 0 else counts.posts_count end as posts_count,
        case when counts.tenure_id is null then 0 else counts.original_posts_count end as original_posts_count,
        case when counts.tenure_id is null then 0 else counts.reposts_made_count end as reposts_made_count,
        case
            when not spans.excludes_replies
                then case when counts.tenure_id is null then 0 else counts.replies_to_others_count end
        end as replies_to_others_count,
        case when counts.tenure_id is null then 0 else counts.reposts_received_count end as reposts_received_count,
        case when counts.tenure_id is null then 0 else counts.likes_received_count end as likes_received_count,
        case when counts.tenure_id is null then 0 else counts.unavailable_posts_count end as unavailable_posts_count,
        counts.top_post_id,
        counts.top_post_reposts_count,
        coalesce(counts.engagement_observed_at, spans.span_end_at) as engagement_observed_at,
    from spans
    left join counts on spans.tenure_id = counts.tenure_id
),

volumes as (
    select * from {{ ref('int_tenure_volumes') }}
)

select
    {{ var('year') }}::integer as year,
    tenures.account_id,
    tenures.platform_code,
    tenures.handle,
    tenures.country_code,
    tenures.holder_id,
    tenures.holder_name,
    tenures.office_code,
    tenures.category_code,
    tenures.gender_code,
    tenures.host_country_code,
    tenures.account_type_code,
    tenures.term_start_date,
    tenures.term_end_date,
    tenures.term_evidence_url,
    audience.audience_code,
    audience.audience_count,
    audience.audience_at,
    audience.audience_precision_code,
    audience.audience_rounding_code,
    audience.audience_class_code,
    audience.previous_audience_count,
    audience.previous_audience_at,
    audience.previous_audience_class_code,
    audience.previous_audience_source_id,
    audience.audience_growth_share,
    audience.audience_source_id,
    collected.posts_count::bigint as posts_count,
    collected.original_posts_count::bigint as original_posts_count,
    collected.reposts_made_count::bigint as reposts_made_count,
    collected.replies_to_others_count::bigint as replies_to_others_count,
    {{ ratio('collected.replies_to_others_count', 'collected.posts_count') }} as reply_share,
    collected.reposts_received_count::bigint as reposts_received_count,
    collected.likes_received_count::bigint as likes_received_count,
    {{ ratio('collected.reposts_received_count', 'collected.original_posts_count') }} as reposts_per_original_post,
    {{ ratio('collected.likes_received_count', 'collected.original_posts_count') }} as likes_per_original_post,
    {{ ratio('collected.posts_count', 'collected.days_count') }} as posts_per_day,
    collected.unavailable_posts_count::bigint as unavailable_posts_count,
    volumes.counted_posts_count::bigint as counted_posts_count,
    volumes.counted_days_count::bigint as counted_days_count,
    collected.top_post_id,
    collected.top_post_reposts_count,
    collected.engagement_observed_at,
    case when collected.tenure_id is not null then collected.partial_reason is not null end as is_partial,
    collected.partial_reason,
    collected.source_id,
from tenures
left join collected on tenures.tenure_id = collected.tenure_id
left join audience on tenures.tenure_id = audience.tenure_id
left join volumes on tenures.tenure_id = volumes.tenure_id
