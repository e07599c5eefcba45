with

tenures as (
    select * from {{ ref('int_tenures') }}
),

stocks as (
    select *
    from {{ ref('int_stocks') }}
    where
        audience_count is not null
        and observed_from_date >= {{ window_start_date() }} - interval 1 year
        and observed_until_date <= {{ window_end_date() }}
),

-- A stock belongs to the year and to the holder current when it was observed; where only the day or month is
-- known, both must have been current all of it. What was observed goes before what was printed, then the latest counts.
picked as (
    select
        tenures.tenure_id,
        stocks.*,
        stocks.observed_from_date >= {{ window_start_date() }} as is_this_year,
    from tenures
    inner join stocks
        on
            tenures.account_id = stocks.account_id
            and coalesce(stocks.observed_from_date::timestamptz >= tenures.held_start_at, true)
            and coalesce((stocks.observed_until_date + 1)::timestamptz <= tenures.held_end_at, true)
    where year(stocks.observed_from_date) = year(stocks.observed_until_date)
    qualify
        row_number() over (
            partition by tenures.tenure_id, year(stocks.observed_from_date)
            order by
                stocks.class_code = 'observed' desc,
                stocks.observed_at desc,
                stocks.ledger_position desc,
                stocks.event_id desc
        ) = 1
)

select
    coalesce(this_year.tenure_id, last_year.tenure_id) as tenure_id,
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
from (select * from picked where is_this_year) as this_year
full join (select * from picked where not is_this_year) as last_year on this_year.tenure_id = last_year.tenure_id
