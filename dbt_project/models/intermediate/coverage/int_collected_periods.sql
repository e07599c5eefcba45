with

sources as ({{ roster_at_cut('stg_roster__sources') }}),

-- Only spans in which no post is missing: reach_limit lacks only posts before the span.
spans as (
    select
        spans.* exclude (span_start_at),
        coalesce(spans.span_start_at, '-infinity'::timestamptz) as span_start_at,
    from {{ ref('int_collected_spans') }} as spans
    inner join sources on spans.source_id = sources.source_id
    where
        not sources.excludes_replies
        and coalesce(spans.limit_reason = 'reach_limit', true)
),

begun as (
    select
        *,
        coalesce(
            span_start_at > max(span_end_at) over (
                partition by account_id
                order by span_start_at, span_end_at, source_id
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as is_apart,
    from spans
),

numbered as (
    select
        *,
        count_if(is_apart) over (
            partition by account_id
            order by span_start_at, span_end_at, source_id
            rows between unbounded preceding and current row
        ) as period_number,
    from begun
)

select
    account_id,
    period_number,
    -- A period that begins with the account's creation has all posts, so it has no start.
    nullif(
        case when min(span_start_at) <= min(account_created_at) then '-infinity' else min(span_start_at) end,
        '-infinity'
    ) as start_at,
    max(span_end_at) as end_at,
    last(source_id order by span_end_at, source_id) as source_id,
from numbered
group by account_id, period_number
