with

tenures as (
    select * from {{ ref('int_tenures') }}
),

spans as (
    select * from {{ ref('int_collected_spans') }}
),

sources as ({{ roster_at_cut('stg_roster__sources') }}),

-- The join is an inner one: a tenure whose posts nobody collected has an unknown number of days, and not 0. A sample
-- without a post in the tenure says nothing of it.
covered as (
    select
        tenures.year,
        tenures.tenure_id,
        tenures.tenure_start_date,
        tenures.tenure_end_date,
        spans.*,
        sources.excludes_replies,
        coalesce(spans.limit_reason = 'incomplete_capture', false) as is_sample,
        greatest(tenures.tenure_start_date, coalesce(spans.span_start_at, spans.collected_from_at)::date)
            as first_date,
        least(tenures.tenure_end_date, spans.span_end_at::date) as last_date,
    from tenures
    inner join spans on tenures.account_id = spans.account_id
    inner join sources on spans.source_id = sources.source_id
    left join {{ ref('int_tenure_counts') }} as counts
        on tenures.year = counts.year and tenures.tenure_id = counts.tenure_id
    where first_date <= last_date and (not is_sample or counts.posts_count > 0)
),

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
        where not is_sample
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
        bool_or(is_sample) as has_sample,
        bool_or(excludes_replies) as excludes_replies,
    from covered
    group by year, tenure_id
),

joined as (
    select
        tenure_spans.* exclude (excludes_replies),
        day_counts.days_count,
        coalesce(day_counts.excludes_replies, tenure_spans.excludes_replies) as excludes_replies,
        coalesce(day_counts.days_count, 0)
        < least(tenure_spans.tenure_end_date, tenure_spans.span_end_at::date) - tenure_spans.first_possible_date + 1
            as lacks_days,
    from tenure_spans
    left join day_counts using (year, tenure_id)
)

-- With a sample's posts from other days, posts per day would be too high, so the number of days is left empty.
select
    year,
    tenure_id,
    source_id,
    span_end_at,
    case when not (has_sample and lacks_days) then days_count end as days_count,
    excludes_replies,
    nullif(
        concat_ws(
            ' ',
            case when lacks_days then limit_reason end,
            case when span_end_at::date < tenure_end_date then 'capture_ended' end,
            case when excludes_replies then 'source_excludes_replies' end
        ),
        ''
    ) as partial_reason,
from joined
