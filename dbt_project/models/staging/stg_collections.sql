select
    ledger_position,
    source_id,
    -- A run over a living platform has no file: its start names it.
    coalesce(payload -> 'input' ->> 'name', payload ->> 'started_at') as input_name,
    starts_with(dataschema, 'collection/run/') as is_run,
    payload ->> 'outcome' as outcome_code,
    payload ->> 'outcome' = 'cut_short' as is_cut_short,
    (payload ->> 'rows')::bigint as rows_count,
    (payload ->> 'duplicates')::bigint as duplicates_count,
    coalesce((payload ->> 'left_out')::bigint, 0) as left_out_count,
    (payload ->> 'beside')::bigint as beside_events_count,
    -- If very many rows were refused, the event lists the first ones and counts the others by reason.
    json_array_length(payload -> 'quarantined')::bigint
    + coalesce(list_sum((payload -> '$.unlisted.*')::bigint[]), 0)::bigint as quarantined_count,
    coalesce(json_array_length(payload -> 'undone'), 0)::bigint as undone_count,
    coalesce((payload -> 'events' ->> 'post.observed')::bigint, 0) as post_events_count,
    coalesce((payload -> 'events' ->> 'account.observed')::bigint, 0) as account_events_count,
    coalesce((payload -> 'events' ->> 'follows.observed')::bigint, 0) as follow_events_count,
    coalesce((payload -> 'events' ->> 'account.unavailable')::bigint, 0)
    + coalesce((payload -> 'events' ->> 'post.unavailable')::bigint, 0) as unavailable_events_count,
    recorded_at,
from {{ source('raw', 'collections') }}
where
    dataschema = 'collection/1'
    or dataschema = 'collection/2'
    or dataschema = 'collection/3'
    or dataschema = 'collection/4'
    or dataschema = 'collection/5'
    or dataschema = 'collection/run/1'
    or dataschema = 'collection/run/2'
    or dataschema = 'collection/run/3'
