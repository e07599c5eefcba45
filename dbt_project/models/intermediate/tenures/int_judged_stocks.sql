{{ config(materialized='view') }}

select
    stocks.*,
    case
        when stocks.class_code != 'observed' then 'published'
        when stocks.is_bound then 'bound'
        when windows.year is null then 'outside_window'
    end as unranked_reason,
from {{ ref('int_tenure_stocks') }} as stocks
left join {{ ref('int_stock_windows') }} as windows
    on
        stocks.observed_year = windows.year
        and stocks.platform_code = windows.platform_code
        and stocks.figure_code = windows.figure_code
        and stocks.observed_from_date >= windows.window_start_date
        and stocks.observed_until_date <= windows.window_end_date
