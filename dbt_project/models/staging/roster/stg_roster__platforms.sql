select
    {{ roster_envelope() }},
    payload ->> 'platform_code' as platform_code,
    payload ->> 'platform_name' as platform_name,
    -- Older versions do not say it: at that time X was collected through its API, and all else by hand.
    coalesce(
        payload ->> 'collection_code', case payload ->> 'platform_code' when 'x' then 'api' else 'by_hand' end
    ) as collection_code,
    coalesce(
        payload ->> 'kept_code',
        case payload ->> 'platform_code' when 'x' then 'accounts_and_posts' else 'accounts' end
    ) as kept_code,
    (payload ->> 'retention_days_count')::integer as retention_days_count,
    payload ->> 'redistribution_code' as redistribution_code,
    (payload ->> 'timeline_reach_count')::integer as timeline_reach_count,
    payload ->> 'terms_url' as terms_url,
    payload ->> 'terms_read_month' as terms_read_month,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/platforms/1'
