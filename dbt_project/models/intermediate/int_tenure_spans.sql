with

tenures as (
    select * from {{ ref('int_tenures') }}
),

spans as (
    select * from {{ ref('int_collected_spans') }}
)

-- Inner join: a tenure whose posts nobody collected has no days, not zero days.
select
    tenures.tenure_id,
    spans.source_id,
    spans.span_end_at,
    least(tenures.tenure_end_date, spans.span_end_at::date)
    - greatest(tenures.tenure_start_date, spans.span_start_at::date) + 1 as days_count,
    nullif(
        concat_ws(
            ' ',
            case
                when spans.is_reach_limited and spans.span_start_at::date > tenures.tenure_start_date
                    then 'reach_limit'
            end,
            case when spans.span_end_at::date < tenures.tenure_end_date then 'capture_ended' end
        ),
        ''
    ) as partial_reason,
from tenures
inner join spans on tenures.account_id = spans.account_id
where days_count > 0
