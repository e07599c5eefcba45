with

tenure_groups as (
    select * from {{ ref('int_tenure_groups') }}
),

tenures as (
    select * from {{ ref('int_tenures') }}
),

accounts as (
    select * from {{ ref('accounts_yearly') }}
)

select
    tenure_groups.group_type_code,
    tenure_groups.group_code,
    tenures.tenure_id,
    tenures.holder_kind_code,
    accounts.account_id,
    accounts.platform_code,
    accounts.account_type_code,
    accounts.holder_id,
    accounts.term_start_date,
    accounts.country_code,
    accounts.audience_code,
    accounts.audience_count,
    accounts.audience_at,
    accounts.audience_class_code,
    accounts.audience_source_id,
    accounts.audience_growth_share,
    accounts.previous_audience_count,
    accounts.previous_audience_class_code,
    accounts.previous_audience_source_id,
    accounts.posts_count,
    accounts.original_posts_count,
    accounts.replies_to_others_count,
    accounts.reply_share,
    accounts.reposts_per_original_post,
    accounts.posts_per_day,
    accounts.is_partial,
    accounts.engagement_observed_at,
    accounts.source_id,
from tenure_groups
inner join tenures on tenure_groups.tenure_id = tenures.tenure_id
inner join accounts
    on
        tenures.account_id = accounts.account_id
        and tenures.holder_id = accounts.holder_id
        and tenures.term_start_date is not distinct from accounts.term_start_date
