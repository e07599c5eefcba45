-- The later reading does not replace an earlier one that knows more. Few posts are read twice, so only those whose hash
-- occurs twice are put in order.
with

standing as not materialized (
    {% for shape in ['stg_posts'] + shapes('brief_posts') %}
        select
            source_id,
            post_id,
            observed_at,
            ledger_position,
            event_id,
            {{ known_bits() }} as known_bits,
        from {{ ref(shape) }}
        where {{ counts() }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

again as (
    select hash(source_id, post_id, observed_at) as observation_hash
    from standing
    group by observation_hash
    having count(*) > 1
),

readings as (
    select
        standing.event_id,
        standing.known_bits,
        row_number() over later as recency,
        first_value(standing.known_bits) over later as last_known_bits,
    from standing
    semi join again on hash(standing.source_id, standing.post_id, standing.observed_at) = again.observation_hash
    window later as (
        partition by standing.source_id, standing.post_id, standing.observed_at
        order by standing.ledger_position desc, standing.event_id desc
    )
)

select event_id
from readings
where recency > 1 and (known_bits | last_known_bits) = last_known_bits
