-- The ledger position and the event differ between two readings of a source; all else is the same.
select *
from {{ ref('int_profile_readings') }}
qualify
    row_number() over (
        partition by
            source_id, account_id, observed_at, handle, account_created_at, audience_count, following_count,
            listed_count, lifetime_posts_count, is_verified, is_protected
        order by ledger_position desc, event_id desc
    ) = 1
