with

picked as (
    select *
    from {{ ref('int_judged_stocks') }}
    where figure_code = 'audience'
    qualify
        row_number() over (
            partition by year, tenure_id, observed_year
            order by
                list_position(['outside_window', 'bound', 'published'], unranked_reason) nulls first,
                rounding_code = 'exact' desc,
                observed_at desc,
                ledger_position desc,
                event_id desc
        ) = 1
)

select
    year,
    tenure_id,
    this_year.audience_code,
    this_year.figure_count as audience_count,
    this_year.observed_at as audience_at,
    this_year.precision_code as audience_precision_code,
    this_year.rounding_code as audience_rounding_code,
    this_year.class_code as audience_class_code,
    this_year.source_id as audience_source_id,
    this_year.unranked_reason as audience_unranked_reason,
    last_year.figure_count as previous_audience_count,
    last_year.observed_at as previous_audience_at,
    last_year.class_code as previous_audience_class_code,
    last_year.source_id as previous_audience_source_id,
    -- Nothing can be said to grow from a bound such as "more than 1000", or from followers to likes.
    case
        when
            this_year.audience_code = last_year.audience_code
            and not this_year.is_bound
            and not last_year.is_bound
            then {{ growth('this_year.figure_count', 'last_year.figure_count') }}
    end as audience_growth_share,
    case
        when audience_growth_share is not null then this_year.observed_at::date - last_year.observed_at::date
    end as audience_growth_days_count,
from (select * from picked where observed_year = year) as this_year
full join (select * from picked where observed_year < year) as last_year using (year, tenure_id)
