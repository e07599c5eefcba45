select
    {{ roster_envelope() }},
    payload ->> 'campaign_id' as campaign_id,
    payload ->> 'campaign_name' as campaign_name,
    (payload ->> 'start_date')::date as start_date,
    (payload ->> 'end_date')::date as end_date,
    {{ folded("payload ->> 'hashtag'") }} as hashtag,
    payload ->> 'evidence_title' as evidence_title,
    payload ->> 'evidence_url' as evidence_url,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/campaigns/1'
