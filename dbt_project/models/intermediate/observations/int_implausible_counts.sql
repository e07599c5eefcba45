{%- set profile_counts = ['audience_count', 'following_count', 'listed_count', 'lifetime_posts_count'] -%}

with

-- As they were observed, whether or not a post counts in a figure.
counted as (
    select
        account_id,
        source_id,
        {{ implausible_count(post_counts()) }} as implausible_count,
    from {{ ref('stg_posts') }}
    where {{ counts() }}
    group by account_id, source_id
    union all
    select
        account_id,
        source_id,
        {{ implausible_count(post_counts()) }} as implausible_count,
    from {{ ref('stg_youtube__posts') }}
    where {{ counts() }}
    group by account_id, source_id
    union all
    select
        account_id,
        source_id,
        {{ implausible_count(profile_counts) }} as implausible_count,
    from {{ ref('int_profile_readings') }}
    group by account_id, source_id
)

select
    account_id,
    sum(implausible_count)::bigint as implausible_count,
    {{ united('source_id') }} as source_id,
from counted
where implausible_count > 0
group by account_id
