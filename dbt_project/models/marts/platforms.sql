with

platforms as ({{ roster_at_cut('stg_roster__platforms') }})

select
    platform_code,
    platform_name,
    collection_code,
    kept_code,
    retention_days_count,
    redistribution_code,
    timeline_reach_count,
    terms_url,
    terms_read_month,
from platforms
