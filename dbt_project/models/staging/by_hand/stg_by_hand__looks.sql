with

answers as (
    select
        ledger_position,
        event_id,
        source_id,
        observed_at,
        from_json(payload, '{
            "country_code": "varchar", "platform_code": "varchar", "account_type_code": "varchar",
            "outcome_code": "varchar", "account_id": "varchar", "handle": "varchar", "audience_code": "varchar",
            "audience_count": "bigint", "following_count": "bigint", "lifetime_posts_count": "bigint",
            "rounding_code": "varchar", "evidence_url": "varchar"
        }') as answer,
    from {{ source('raw', 'account_snapshots') }} as snapshots
    anti join {{ ref('stg_by_hand__withdrawn') }} as withdrawn
        on snapshots.ledger_position = withdrawn.ledger_position and snapshots.event_id = withdrawn.event_id
    where
        (dataschema = 'by-hand/look/1' or dataschema = 'by-hand/look/2')
        and {{ counts() }}
    qualify row_number() over (partition by event_id order by ledger_position) = 1
)

select
    ledger_position,
    event_id,
    source_id,
    observed_at,
    answer.country_code,
    answer.platform_code,
    answer.account_type_code,
    answer.outcome_code = 'found' as is_found,
    answer.account_id,
    answer.handle,
    answer.audience_code,
    answer.audience_count,
    answer.following_count,
    answer.lifetime_posts_count,
    answer.rounding_code,
    answer.evidence_url,
from answers
