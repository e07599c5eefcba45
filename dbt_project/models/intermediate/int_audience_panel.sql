with

accounts as (
    select * from {{ ref('accounts_yearly') }}
)

-- Observed in both years: what studies printed are the leaders of their lists, whose growth is not that of all.
select
    account_id,
    platform_code,
    audience_count,
    previous_audience_count,
    audience_at,
    [audience_source_id, previous_audience_source_id] as source_ids,
from accounts
where
    audience_growth_share is not null
    and audience_class_code = 'observed'
    and previous_audience_class_code = 'observed'
qualify row_number() over (partition by account_id order by audience_at desc, holder_id asc, term_start_date asc) = 1
