{%- set measures = {
    'reposts': 'reposts_received_count',
    'likes': 'likes_received_count',
    'replies': 'replies_received_count',
    'quotes': 'quotes_received_count',
    'views': 'views_received_count',
    'interactions': 'reposts_received_count + likes_received_count',
} -%}

with

posts as (
    select * from {{ ref('int_post_ages') }}
),

-- One pass over the posts for all measures; their few sums, not the posts, become rows.
measures as (
    select
        tenure_id,
        age_code,
        max(observed_at) as observed_at,
        string_agg(distinct source_id, ' ' order by source_id) as source_id,
        unnest([
            {% for code, column in measures.items() -%}
                {
                    'measure_code': '{{ code }}',
                    'known_posts_count': count({{ column }}),
                    'received_count': sum({{ column }}),
                    'quantiles': quantile_disc({{ column }}, [0.25, 0.5, 0.75, 0.9]),
                    'most_count': max({{ column }}),
                    'top_tenth_count': {{ top_tenth_sum(column) }}
                } {{- ',' if not loop.last }}
            {% endfor -%}
        ]) as measure,
    from posts
    group by tenure_id, age_code
)

select
    tenure_id,
    age_code,
    measure.measure_code,
    measure.known_posts_count,
    measure.received_count,
    {{ ratio('measure.received_count', 'measure.known_posts_count') }} as received_per_post,
    measure.quantiles[1] as lower_quartile_count,
    measure.quantiles[2] as median_count,
    measure.quantiles[3] as upper_quartile_count,
    measure.quantiles[4] as ninth_decile_count,
    measure.most_count,
    {{ ratio('measure.top_tenth_count', 'measure.received_count') }} as top_decile_share,
    observed_at,
    source_id,
from measures
where measure.known_posts_count > 0
