with

figures as (
    select * from {{ ref('int_tenure_figures') }}
),

states as (
    select * from {{ ref('int_states') }}
),

offices as (
    select * from {{ ref('int_offices') }}
)

select
    year,
    figures.account_id,
    figures.platform_code,
    figures.handle,
    country_code,
    states.country_name,
    states.region_code,
    states.region_name,
    figures.holder_id,
    figures.holder_name,
    office_code,
    offices.office_name,
    offices.category_code,
    offices.category_name,
    figures.gender_code,
    offices.host_country_code,
    figures.account_type_code,
    figures.term_start_date,
    figures.term_end_date,
    figures.term_evidence_url,
    figures.tenure_start_date as counts_from_date,
    figures.tenure_end_date as counts_until_date,
    figures.audience_code,
    figures.audience_count,
    figures.audience_at,
    figures.audience_precision_code,
    figures.audience_rounding_code,
    figures.audience_class_code,
    figures.previous_audience_count,
    figures.previous_audience_at,
    figures.previous_audience_class_code,
    figures.previous_audience_source_id,
    figures.audience_growth_share,
    figures.audience_growth_days_count::bigint as audience_growth_days_count,
    figures.audience_source_id,
    figures.days_count,
    figures.posts_count,
    figures.original_posts_count,
    figures.reposts_made_count,
    figures.replies_to_others_count,
    figures.reply_share,
    figures.reposts_received_count,
    figures.likes_received_count,
    figures.reposts_per_original_post,
    figures.likes_per_original_post,
    figures.posts_per_day,
    figures.unavailable_posts_count,
    figures.counted_posts_count,
    figures.counted_days_count,
    figures.top_post_id,
    figures.top_post_reposts_count,
    figures.engagement_observed_at,
    figures.is_partial,
    figures.partial_reason,
    figures.source_id,
from figures
inner join states using (year, country_code)
inner join offices using (office_code)
