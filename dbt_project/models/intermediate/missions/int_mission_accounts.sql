with

served as (
    select * from {{ ref('int_mission_tenures') }}
),

audience as (
    select * from {{ ref('int_tenure_audience') }} where audience_class_code = 'observed'
),

spans as (
    select * from {{ ref('int_collected_spans') }}
)

select
    served.*,
    -- Only spans of the time in which the account spoke for this office count, not all of the tenure.
    exists(
        select 1
        from spans
        where
            spans.account_id = served.account_id
            and coalesce(spans.collected_from_at < served.end_at, true)
            and spans.span_end_at > served.start_at
    ) as is_collected,
    audience.audience_code,
    audience.audience_count,
    audience.audience_at,
    audience.audience_source_id,
    audience.audience_unranked_reason,
from served
left join audience
    on
        served.year = audience.year
        and served.tenure_id = audience.tenure_id
        and audience.audience_at >= served.start_at
        and audience.audience_at < served.end_at
