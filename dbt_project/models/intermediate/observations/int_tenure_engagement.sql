{%- set measures = {
    'reposts': 'reposts_received_count',
    'likes': 'likes_received_count',
    'replies': 'replies_received_count',
    'quotes': 'quotes_received_count',
    'views': 'views_received_count',
    'interactions': interactions(),
} -%}

with

posts as (
    select * from {{ ref('int_post_ages') }}
),

-- One pass over the posts collects the known counts of all measures, the smallest first.
tenures as (
    select
        year,
        tenure_id,
        age_code,
        max(observed_at) as observed_at,
        string_agg(distinct source_id, ' ' order by source_id) as source_id,
        {% for code, column in measures.items() -%}
            list_sort(list({{ column }}) filter ({{ column }} is not null)) as {{ code }},
        {% endfor -%}
    from posts
    group by year, tenure_id, age_code
),

measures as (
    select
        year,
        tenure_id,
        age_code,
        observed_at,
        source_id,
        unnest([
            {% for code in measures -%}
                {'measure_code': '{{ code }}', 'counts': {{ code }}} {{- ',' if not loop.last }}
            {% endfor -%}
        ], recursive := true),
    from tenures
),

-- A quantile is the smallest count that at least such a share of the posts does not exceed, so it is one of the counts.
-- The top tenth is rounded up: of 11 posts it is 2.
known as (
    select
        *,
        len(counts) as known_posts_count,
        list_sum(counts) as received_count,
        list_sum(counts[known_posts_count - (known_posts_count + 9) // 10 + 1:]) as top_tenth_count,
    from measures
    where len(counts) > 0
)

select
    year,
    tenure_id,
    age_code,
    measure_code,
    known_posts_count,
    received_count,
    {{ ratio('received_count', 'known_posts_count') }} as received_per_post,
    counts[(known_posts_count + 3) // 4] as lower_quartile_count,
    counts[(known_posts_count + 1) // 2] as median_count,
    counts[(3 * known_posts_count + 3) // 4] as upper_quartile_count,
    counts[(9 * known_posts_count + 9) // 10] as ninth_decile_count,
    counts[known_posts_count] as most_count,
    {{ ratio('top_tenth_count', 'received_count') }} as top_decile_share,
    observed_at,
    source_id,
from known
