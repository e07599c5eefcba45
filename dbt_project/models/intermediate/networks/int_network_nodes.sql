with

peers as (
    select
        *,
        count(*) over (partition by year, platform_code) as peers_count,
    from {{ ref('int_peers') }}
),

lists as (
    select * from {{ ref('int_network_lists') }}
),

edges as (
    select * from {{ ref('int_network_edges') }}
),

networks as (
    select
        year,
        network_code,
        platform_code,
        count(*) as walked_count,
        max(observed_at) as observed_at,
        array_to_string(list_sort(list_distinct(flatten(list(string_split(source_id, ' '))))), ' ') as source_id,
    from lists
    group by year, network_code, platform_code
),

nodes as (
    select
        networks.network_code,
        networks.observed_at,
        networks.source_id,
        peers.*,
        lists.account_id is not null as is_walked,
        coalesce(lists.is_whole, false) as is_whole,
        networks.walked_count - (lists.account_id is not null)::bigint as walked_peers_count,
    from networks
    inner join peers using (year, platform_code)
    left join lists
        on
            networks.year = lists.year
            and networks.network_code = lists.network_code
            and peers.account_id = lists.account_id
),

own as (
    select
        year,
        network_code,
        account_id,
        count(*) as edges_count,
        sum(mentioning_posts_count) as posts_count,
    from edges
    group by year, network_code, account_id
),

others as (
    select
        year,
        network_code,
        peer_account_id as account_id,
        count(*) as edges_count,
        sum(mentioning_posts_count) as posts_count,
        count_if(not is_returned) as not_returned_count,
    from edges
    group by year, network_code, peer_account_id
)

select
    nodes.*,
    case when nodes.walked_peers_count > 0 then coalesce(others.edges_count, 0) end as in_degree_count,
    case when nodes.is_walked then coalesce(own.edges_count, 0) end as out_degree_count,
    -- An account that is missing from an incomplete list may be on the rest of it.
    case
        when in_degree_count = 0 then 0
        when nodes.is_whole or others.not_returned_count = 0 then others.not_returned_count
    end as one_way_in_count,
    case
        when nodes.network_code = 'mentions' and nodes.walked_peers_count > 0 then coalesce(others.posts_count, 0)
    end as in_posts_count,
    case
        when nodes.network_code = 'mentions' and nodes.is_walked then coalesce(own.posts_count, 0)
    end as out_posts_count,
from nodes
left join own using (year, network_code, account_id)
left join others using (year, network_code, account_id)
