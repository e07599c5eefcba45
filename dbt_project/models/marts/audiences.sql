with

accounts as (
    select * from {{ ref('int_accounts') }}
),

stocks as (
    select * from {{ ref('int_stocks') }} where audience_count is not null
)

-- The panel ends with the newest edition; later observations are left out.
select
    stocks.event_id,
    stocks.account_id,
    accounts.platform_code,
    stocks.observed_at,
    stocks.precision_code as observed_precision_code,
    stocks.audience_code,
    stocks.audience_count,
    stocks.rounding_code,
    stocks.class_code,
    stocks.source_id,
    stocks.evidence_url,
from stocks
inner join accounts on stocks.account_id = accounts.account_id
where stocks.observed_until_date <= (select max(window_end_date) from {{ ref('int_editions') }})
