with

tenures as (
    select * from {{ ref('int_tenures') }}
),

counts as (
    select * from {{ ref('int_tenure_counts') }}
),

engagement as (
    select * from {{ ref('int_tenure_engagement') }}
)

select
    year,
    tenures.account_id,
    tenures.platform_code,
    tenures.holder_id,
    tenures.holder_name,
    tenures.term_start_date,
    engagement.age_code,
    engagement.measure_code,
    counts.original_posts_count::bigint as original_posts_count,
    engagement.known_posts_count::bigint as known_posts_count,
    engagement.received_count::bigint as received_count,
    engagement.received_per_post,
    engagement.lower_quartile_count::bigint as lower_quartile_count,
    engagement.median_count::bigint as median_count,
    engagement.upper_quartile_count::bigint as upper_quartile_count,
    engagement.ninth_decile_count::bigint as ninth_decile_count,
    engagement.most_count::bigint as most_count,
    engagement.top_decile_share,
    engagement.observed_at,
    engagement.source_id,
from engagement
inner join tenures using (year, tenure_id)
inner join counts using (year, tenure_id)
