with

peers as (
    select * from {{ ref('int_peers') }}
),

lists as (
    select * from {{ ref('int_network_lists') }}
),

seen as (
    select
        'follows' as network_code,
        year,
        account_id,
        unnest(followed_account_ids) as peer_account_id,
        null::bigint as mentioning_posts_count,
    from {{ ref('int_follows') }}
    union all
    select
        'mentions' as network_code,
        year,
        account_id,
        mentioned_account_id as peer_account_id,
        mentioning_posts_count,
    from {{ ref('int_mentions') }}
),

edges as (
    select
        seen.*,
        lists.platform_code,
        lists.is_whole,
    from seen
    inner join lists
        on
            seen.year = lists.year
            and seen.network_code = lists.network_code
            and seen.account_id = lists.account_id
    inner join peers
        on
            seen.year = peers.year
            and seen.peer_account_id = peers.account_id
            and lists.platform_code = peers.platform_code
)

select
    edges.year,
    edges.network_code,
    edges.platform_code,
    edges.account_id,
    edges.peer_account_id,
    edges.mentioning_posts_count,
    edges.is_whole,
    coalesce(back.is_whole, false) as is_peer_whole,
    returned.account_id is not null as is_returned,
from edges
left join lists as back
    on
        edges.year = back.year
        and edges.network_code = back.network_code
        and edges.peer_account_id = back.account_id
left join edges as returned
    on
        edges.year = returned.year
        and edges.network_code = returned.network_code
        and edges.account_id = returned.peer_account_id
        and edges.peer_account_id = returned.account_id
