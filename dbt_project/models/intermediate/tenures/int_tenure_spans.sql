with

tenures as (
    select * from {{ ref('int_tenures') }}
),

spans as (
    select * from {{ ref('int_collected_spans') }}
),

sources as ({{ roster_at_cut('stg_roster__sources') }}),

-- Inner join: a tenure whose posts nobody collected has no days, not zero days.
covered as (
    select
        tenures.year,
        tenures.tenure_id,
        tenures.tenure_start_date,
        tenures.tenure_end_date,
        spans.*,
        sources.excludes_replies,
        greatest(tenures.tenure_start_date, spans.span_start_at::date) as first_date,
        least(tenures.tenure_end_date, spans.span_end_at::date) as last_date,
    from tenures
    inner join spans on tenures.account_id = spans.account_id
    inner join sources on spans.source_id = sources.source_id
    where first_date <= last_date
),

-- Spans of several captures overlap; each day counts once.
days as (
    select
        year,
        tenure_id,
        day_date,
        bool_and(excludes_replies) as excludes_replies,
    from (
        select
            year,
            tenure_id,
            excludes_replies,
            unnest(generate_series(first_date, last_date, interval 1 day))::date as day_date,
        from covered
    ) as covered_days
    group by year, tenure_id, day_date
),

day_counts as (
    select
        year,
        tenure_id,
        count(*) as days_count,
        bool_or(excludes_replies) as excludes_replies,
    from days
    group by year, tenure_id
),

tenure_spans as (
    select
        year,
        tenure_id,
        last(source_id order by span_end_at, source_id) as source_id,
        max(span_end_at) as span_end_at,
        any_value(tenure_end_date) as tenure_end_date,
        greatest(any_value(tenure_start_date), min(account_created_at)::date) as first_possible_date,
        max(limit_reason) as limit_reason,
    from covered
    group by year, tenure_id
)

select
    year,
    tenure_id,
    tenure_spans.source_id,
    tenure_spans.span_end_at,
    day_counts.days_count,
    day_counts.excludes_replies,
    nullif(
        concat_ws(
            ' ',
            case
                when
                    day_counts.days_count
                    < least(tenure_spans.tenure_end_date, tenure_spans.span_end_at::date)
                    - tenure_spans.first_possible_date + 1
                    then tenure_spans.limit_reason
            end,
            case when tenure_spans.span_end_at::date < tenure_spans.tenure_end_date then 'capture_ended' end,
            case when day_counts.excludes_replies then 'source_excludes_replies' end
        ),
        ''
    ) as partial_reason,
from tenure_spans
inner join day_counts using (year, tenure_id)
