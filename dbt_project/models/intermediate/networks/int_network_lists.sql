with

peers as (
    select * from {{ ref('int_peers') }}
),

-- Whether the posts in office of an account were collected, all or in part.
captured as (
    select
        year,
        tenures.account_id,
        count(spans.source_id) > 0 as is_captured,
        bool_and(spans.source_id is not null and spans.partial_reason is null) as is_whole,
        max(spans.span_end_at) as observed_at,
        string_agg(distinct spans.source_id, ' ' order by spans.source_id) as source_id,
    from {{ ref('int_tenures') }} as tenures
    left join {{ ref('int_tenure_spans') }} as spans using (year, tenure_id)
    group by year, tenures.account_id
),

posts as (
    select * from {{ ref('int_mention_lists') }}
),

lists as (
    select
        'follows' as network_code,
        year,
        account_id,
        is_whole,
        observed_at,
        source_id,
    from {{ ref('int_follows') }}
    union all
    select
        'mentions' as network_code,
        year,
        account_id,
        captured.is_whole and coalesce(posts.is_whole, true) as is_whole,
        greatest(captured.observed_at, posts.observed_at) as observed_at,
        coalesce(captured.source_id, posts.source_id) as source_id,
    from captured
    left join posts using (year, account_id)
    where coalesce(posts.telling_posts_count > 0, captured.is_captured)
)

select
    year,
    lists.network_code,
    peers.platform_code,
    account_id,
    lists.is_whole,
    lists.observed_at,
    lists.source_id,
from lists
inner join peers using (year, account_id)
