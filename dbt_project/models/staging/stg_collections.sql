select
    ledger_position,
    source_id,
    payload -> 'input' ->> 'name' as input_name,
    payload ->> 'outcome' = 'cut_short' as is_cut_short,
    (payload ->> 'rows')::bigint as rows_count,
    (payload ->> 'duplicates')::bigint as duplicates_count,
    json_array_length(payload -> 'quarantined')::bigint as quarantined_count,
    coalesce((payload -> 'events' ->> 'post.observed')::bigint, 0) as post_events_count,
    coalesce((payload -> 'events' ->> 'account.observed')::bigint, 0) as account_events_count,
    coalesce((payload -> 'events' ->> 'account.unavailable')::bigint, 0) as unavailable_events_count,
    recorded_at,
from {{ source('raw', 'collections') }}
where dataschema = 'collection/1'
