with

nodes as (
    select * from {{ ref('network_nodes_yearly') }} where network_code = 'follows'
),

tenures as (
    select * from {{ ref('int_tenures') }}
),

-- Who follows whom is told of whoever was in office when the last list was seen.
figures as (
    select
        tenures.tenure_id,
        nodes.is_walked,
        nodes.as_of::timestamptz as observed_at,
        nodes.source_id,
        unnest([
            {'metric_id': 'N01', 'value': nodes.mutual_count::decimal(38, 9), 'n': nodes.peers_count - 1},
            {'metric_id': 'N01_normalised', 'value': nodes.mutual_share, 'n': nodes.peers_count - 1},
            {'metric_id': 'N02', 'value': nodes.in_degree_count::decimal(38, 9), 'n': nodes.walked_peers_count},
            {'metric_id': 'N02_normalised', 'value': nodes.in_degree_share, 'n': nodes.walked_peers_count},
            {'metric_id': 'N03', 'value': nodes.out_degree_count::decimal(38, 9), 'n': nodes.peers_count - 1},
            {'metric_id': 'N04', 'value': nodes.one_way_in_count::decimal(38, 9), 'n': nodes.walked_peers_count},
            {'metric_id': 'N06', 'value': nodes.mutual_in_region_count::decimal(38, 9), 'n': nodes.peers_count - 1}
        ], recursive := true),
    from nodes
    inner join tenures
        on
            nodes.account_id = tenures.account_id
            and nodes.as_of between tenures.tenure_start_date and tenures.tenure_end_date
)

-- What only the account's own list tells is unranked if that does not tell, and missing if nobody walked it.
select
    tenure_id,
    metric_id,
    value,
    n,
    observed_at,
    source_id,
from figures
where is_walked or value is not null
