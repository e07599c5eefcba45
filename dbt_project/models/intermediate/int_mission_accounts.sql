with

offices as (
    select * from {{ ref('int_mission_offices') }}
),

terms as (
    select * from {{ ref('int_terms') }}
),

tenures as (
    select * from {{ ref('int_tenures') }}
),

audience as (
    select * from {{ ref('int_tenure_audience') }} where audience_class_code = 'observed'
),

spans as (
    select * from {{ ref('int_collected_spans') }}
),

-- By the holder's terms, not by the tenure's office: who holds several offices at once speaks for each of them.
served as (
    select
        offices.office_code,
        offices.site_number,
        tenures.platform_code,
        tenures.account_id,
        tenures.tenure_id,
        greatest(tenures.tenure_start_at, terms.first_at) as start_at,
        least(tenures.tenure_end_at, terms.until_at) as end_at,
    from offices
    inner join terms on offices.office_code = terms.office_code
    inner join tenures on terms.holder_id = tenures.holder_id
    where start_at < end_at
)

select
    served.*,
    -- While it spoke for the office, not at some time in its holder's hands.
    exists (
        select 1
        from spans
        where
            spans.account_id = served.account_id
            and coalesce(spans.span_start_at < served.end_at, true)
            and spans.span_end_at > served.start_at
    ) as is_collected,
    audience.audience_code,
    audience.audience_count,
    audience.audience_at,
from served
left join audience
    on
        served.tenure_id = audience.tenure_id
        and audience.audience_at >= served.start_at
        and audience.audience_at < served.end_at
