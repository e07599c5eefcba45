with

nodes as (
    select * from {{ ref('int_network_nodes') }}
),

mutuals as (
    select * from {{ ref('int_network_mutuals') }} where scope_code = 'all'
),

regional as (
    select * from {{ ref('int_network_mutuals') }} where scope_code = 'region'
),

communities as (
    select * from {{ ref('int_communities') }}
)

select
    year,
    network_code,
    nodes.platform_code,
    account_id,
    nodes.handle,
    nodes.holder_name,
    nodes.category_code,
    {{ name_of('category', 'nodes.category_code') }} as category_name,
    country_code,
    states.country_name,
    nodes.region_code,
    states.region_name,
    nodes.peers_count::bigint as peers_count,
    nodes.walked_peers_count::bigint as walked_peers_count,
    nodes.is_walked,
    nodes.is_whole,
    nodes.in_degree_count::bigint as in_degree_count,
    {{ ratio('nodes.in_degree_count', 'nodes.peers_count - 1') }} as in_degree_share,
    nodes.out_degree_count::bigint as out_degree_count,
    mutuals.mutual_count::bigint as mutual_count,
    {{ ratio('mutuals.mutual_count', 'nodes.peers_count - 1') }} as mutual_share,
    mutuals.seen_mutual_count::bigint as seen_mutual_count,
    mutuals.unknown_mutual_count::bigint as unknown_mutual_count,
    nodes.one_way_in_count::bigint as one_way_in_count,
    regional.mutual_count::bigint as mutual_in_region_count,
    nodes.in_posts_count::bigint as in_posts_count,
    nodes.out_posts_count::bigint as out_posts_count,
    communities.community_code,
    nodes.observed_at::date as as_of,
    nodes.source_id,
from nodes
inner join {{ ref('int_states') }} as states using (year, country_code)
inner join mutuals using (year, network_code, account_id)
left join regional using (year, network_code, account_id)
left join communities using (year, network_code, account_id)
