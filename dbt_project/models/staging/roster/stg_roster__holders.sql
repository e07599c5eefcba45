select
    {{ roster_envelope() }},
    payload ->> 'holder_id' as holder_id,
    payload ->> 'holder_name' as holder_name,
    payload ->> 'holder_kind_code' as holder_kind_code,
    payload ->> 'wikidata_id' as wikidata_id,
    payload ->> 'gender_code' as gender_code,
    payload ->> 'gender_evidence_url' as gender_evidence_url,
from {{ source('raw', 'roster_entries') }}
where dataschema = 'roster/holders/1'
