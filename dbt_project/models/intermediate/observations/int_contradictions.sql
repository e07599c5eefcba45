with

sources as ({{ roster_at_cut('stg_roster__sources') }}),

stocks as (
    select * from {{ ref('int_profile_readings') }}
    where rounding_code = 'exact'
    union all by name
    -- Two counts that are known only to the month may be of different days, which is no contradiction.
    select * from {{ ref('int_stocks') }}
    where rounding_code = 'exact' and precision_code = 'day'
),

named as (
    select
        stocks.*,
        stocks.audience_count || ' (' || stocks.source_id || ')' as value_named,
    from stocks
    inner join sources on stocks.source_id = sources.source_id
    where sources.class_code = 'observed' and stocks.audience_count is not null
)

select
    account_id,
    observed_at,
    audience_code,
    string_agg(distinct value_named, ', ' order by value_named) as values_named,
    last(value_named order by ledger_position, event_id) as last_value_named,
    {{ united('source_id') }} as source_id,
from named
group by account_id, observed_at, audience_code
having count(distinct audience_count) > 1
