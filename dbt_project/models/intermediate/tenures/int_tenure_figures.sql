with

tenures as (
    select * from {{ ref('int_tenures') }}
),

handles as (
    select * from {{ ref('int_handles_yearly') }}
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

-- A collected tenure without a post has no row in `counts`, and its counts are 0.
collected as (
    select
        year,
        tenure_id,
        spans.source_id,
        spans.days_count,
        spans.partial_reason,
        coalesce(counts.posts_count, 0) as posts_count,
        {% for count in [
            'original_posts_count', 'reposts_made_count', 'reposts_received_count', 'likes_received_count',
            'unavailable_posts_count'
        ] %}
            case when counts.posts_count is null then 0 else counts.{{ count }} end as {{ count }},
        {% endfor %}
        case
            when not spans.excludes_replies
                then case when counts.posts_count is null then 0 else counts.replies_to_others_count end
        end as replies_to_others_count,
        counts.top_post_id,
        counts.top_post_reposts_count,
        coalesce(counts.engagement_observed_at, spans.span_end_at) as engagement_observed_at,
    from spans
    left join counts using (year, tenure_id)
)

select
    year,
    tenure_id,
    tenures.account_id,
    tenures.platform_code,
    handles.handle,
    tenures.country_code,
    tenures.holder_id,
    tenures.holder_name,
    tenures.holder_kind_code,
    tenures.office_code,
    tenures.category_code,
    tenures.gender_code,
    tenures.host_country_code,
    tenures.account_type_code,
    tenures.term_start_date,
    tenures.term_end_date,
    tenures.term_evidence_url,
    tenures.tenure_start_date,
    tenures.tenure_end_date,
    tenures.tenure_start_at,
    tenures.tenure_end_at,
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
    audience.audience_growth_days_count,
    audience.audience_source_id,
    audience.audience_unranked_reason,
    collected.days_count::bigint as days_count,
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
    counts.counted_posts_count::bigint as counted_posts_count,
    counts.counted_days_count::bigint as counted_days_count,
    collected.top_post_id,
    collected.top_post_reposts_count,
    collected.engagement_observed_at,
    case when collected.posts_count is not null then collected.partial_reason is not null end as is_partial,
    collected.partial_reason,
    collected.source_id,
from tenures
inner join handles using (year, account_id)
left join collected using (year, tenure_id)
left join counts using (year, tenure_id)
left join audience using (year, tenure_id)
