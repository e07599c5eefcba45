with

peers as (
    select * from {{ ref('int_peers') }}
),

-- Posts in office are the list of whom an account mentions: read to the end if all of them were seen and say it.
captured as (
    select
        tenures.account_id,
        count(spans.tenure_id) > 0 as is_captured,
        bool_and(spans.tenure_id is not null and spans.partial_reason is null) as is_whole,
        max(spans.span_end_at) as observed_at,
        string_agg(distinct spans.source_id, ' ' order by spans.source_id) as source_id,
    from {{ ref('int_tenures') }} as tenures
    left join {{ ref('int_tenure_spans') }} as spans on tenures.tenure_id = spans.tenure_id
    group by tenures.account_id
),

posts as (
    select
        account_id,
        count_if(mentioned_account_ids is not null or replied_to_account_id is not null) as telling_count,
        count(mentioned_account_ids) = count(*) as is_whole,
        max(engagement_observed_at) as observed_at,
        string_agg(distinct source_id, ' ' order by source_id) as source_id,
    from {{ ref('int_posts') }}
    where is_in_office and is_original
    group by account_id
),

lists as (
    select
        'follows' as network_code,
        account_id,
        is_whole,
        observed_at,
        source_id,
    from {{ ref('int_follows') }}
    union all
    select
        'mentions' as network_code,
        captured.account_id,
        captured.is_whole and coalesce(posts.is_whole, true) as is_whole,
        greatest(captured.observed_at, posts.observed_at) as observed_at,
        coalesce(captured.source_id, posts.source_id) as source_id,
    from captured
    left join posts on captured.account_id = posts.account_id
    where coalesce(posts.telling_count > 0, captured.is_captured)
)

select
    lists.network_code,
    peers.platform_code,
    lists.account_id,
    lists.is_whole,
    lists.observed_at,
    lists.source_id,
from lists
inner join peers on lists.account_id = peers.account_id
