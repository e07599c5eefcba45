with

stocks as (
    select
        *,
        year(observed_from_date) as observed_year,
    from {{ ref('int_stocks') }}
    where audience_count is not null and year(observed_from_date) = year(observed_until_date)
),

-- A stock belongs to the year and to the holder current when it was observed; where only the day or month is
-- known, both must have been current all of it. What was observed goes before what was printed, then the latest counts.
picked as (
    select
        tenures.year,
        tenures.tenure_id,
        stocks.*,
    from {{ ref('int_tenures') }} as tenures
    inner join stocks
        on
            tenures.account_id = stocks.account_id
            and stocks.observed_year between tenures.year - 1 and tenures.year
            and coalesce(stocks.observed_from_date::timestamptz >= tenures.held_start_at, true)
            and coalesce((stocks.observed_until_date + 1)::timestamptz <= tenures.held_end_at, true)
    qualify
        row_number() over (
            partition by tenures.year, tenures.tenure_id, stocks.observed_year
            order by
                stocks.class_code = 'observed' desc,
                stocks.observed_at desc,
                stocks.ledger_position desc,
                stocks.event_id desc
        ) = 1
)

select
    year,
    tenure_id,
    this_year.audience_code,
    this_year.audience_count,
    this_year.observed_at as audience_at,
    this_year.precision_code as audience_precision_code,
    this_year.rounding_code as audience_rounding_code,
    this_year.class_code as audience_class_code,
    this_year.source_id as audience_source_id,
    last_year.audience_count as previous_audience_count,
    last_year.observed_at as previous_audience_at,
    last_year.class_code as previous_audience_class_code,
    last_year.source_id as previous_audience_source_id,
    -- A bound is no value: nothing grows from "more than".
    case
        when
            this_year.audience_code = last_year.audience_code
            and this_year.rounding_code in ('exact', 'rounded')
            and last_year.rounding_code in ('exact', 'rounded')
            then {{ growth('this_year.audience_count', 'last_year.audience_count') }}
    end as audience_growth_share,
from (select * from picked where observed_year = year) as this_year
full join (select * from picked where observed_year < year) as last_year using (year, tenure_id)
