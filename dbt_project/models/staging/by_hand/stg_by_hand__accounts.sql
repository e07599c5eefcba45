select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    payload ->> 'account_id' as account_id,
    payload ->> 'audience_code' as audience_code,
    (payload ->> 'audience_count')::bigint as audience_count,
    (payload ->> 'following_count')::bigint as following_count,
    (payload ->> 'listed_count')::bigint as listed_count,
    (payload ->> 'lifetime_posts_count')::bigint as lifetime_posts_count,
    payload ->> 'rounding_code' as rounding_code,
    payload ->> 'observed_precision_code' as observed_precision_code,
    payload ->> 'evidence_url' as evidence_url,
from {{ source('raw', 'account_snapshots') }} as snapshots
anti join {{ ref('stg_by_hand__withdrawn') }} as withdrawn
    on snapshots.ledger_position = withdrawn.ledger_position and snapshots.event_id = withdrawn.event_id
where
    (dataschema = 'by-hand/account/1' or dataschema = 'by-hand/account/2')
    and {{ counts() }}
qualify row_number() over (partition by event_id order by ledger_position) = 1
