with

nodes as (
    select * from {{ ref('network_nodes_yearly') }}
),

edges as (
    select
        *,
        coalesce(mentioning_posts_count, 1) as weight,
    from {{ ref('int_network_edges') }}
),

communities as (
    select * from {{ ref('int_communities') }}
),

node_counts as (
    select
        year,
        network_code,
        platform_code,
        count(*) as nodes_count,
        count_if(is_walked) as walked_nodes_count,
        count_if(is_whole) as whole_nodes_count,
        count_if(seen_mutual_count > 0) as nodes_with_mutual_count,
        count_if(seen_mutual_count > 0 or unknown_mutual_count = 0) as known_nodes_count,
        max(community_code) as communities_count,
        max(as_of) as as_of,
        max(source_id) as source_id,
    from nodes
    group by year, network_code, platform_code
),

edge_counts as (
    select
        year,
        network_code,
        platform_code,
        count(*) as edges_count,
        count_if(is_whole) as whole_edges_count,
        count_if(is_whole and is_peer_whole) as both_whole_count,
        count_if(is_whole and is_peer_whole and is_returned) as both_whole_returned_count,
    from edges
    group by year, network_code, platform_code
),

-- Each edge has two ends. If it lies within a community, both ends are in that community.
ends as (
    select
        year,
        network_code,
        account_id,
        peer_account_id,
        weight,
    from edges
    union all
    select
        year,
        network_code,
        peer_account_id,
        account_id,
        weight,
    from edges
),

community_weights as (
    select
        one.year,
        one.network_code,
        one.platform_code,
        one.community_code,
        sum(ends.weight) as weight,
        coalesce(sum(ends.weight) filter (one.community_code = other.community_code), 0) as inner_weight,
    from ends
    inner join communities as one
        on ends.year = one.year and ends.network_code = one.network_code and ends.account_id = one.account_id
    inner join communities as other
        on
            ends.year = other.year
            and ends.network_code = other.network_code
            and ends.peer_account_id = other.account_id
    group by one.year, one.network_code, one.platform_code, one.community_code
),

-- Modularity is the sum of inner / total - (weight / total)^2 over all communities. One denominator keeps it exact.
modularities as (
    select
        year,
        network_code,
        platform_code,
        sum(weight) * sum(weight) as denominator,
        sum(inner_weight) * sum(weight) - sum(weight * weight) as numerator,
    from community_weights
    group by year, network_code, platform_code
)

select
    year,
    network_code,
    platform_code,
    node_counts.nodes_count::bigint as nodes_count,
    node_counts.walked_nodes_count::bigint as walked_nodes_count,
    node_counts.whole_nodes_count::bigint as whole_nodes_count,
    coalesce(edge_counts.edges_count, 0)::bigint as edges_count,
    {{ ratio('coalesce(edge_counts.whole_edges_count, 0)', 'whole_nodes_count * (nodes_count - 1)') }} as density_share,
    {{ ratio('edge_counts.both_whole_returned_count', 'edge_counts.both_whole_count') }} as reciprocity_share,
    node_counts.nodes_with_mutual_count::bigint as nodes_with_mutual_count,
    node_counts.known_nodes_count::bigint as known_nodes_count,
    {{ ratio('node_counts.nodes_with_mutual_count', 'node_counts.known_nodes_count') }} as nodes_with_mutual_share,
    {{ ratio('coalesce(edge_counts.edges_count, 0)', 'node_counts.nodes_count') }} as in_degree_per_node,
    coalesce(node_counts.communities_count, 0)::bigint as communities_count,
    {{ ratio('modularities.numerator', 'modularities.denominator') }} as modularity,
    node_counts.as_of,
    node_counts.source_id,
from node_counts
left join edge_counts using (year, network_code, platform_code)
left join modularities using (year, network_code, platform_code)
