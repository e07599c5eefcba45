with

nodes as (
    select
        nodes.*,
        seen.observed_at as network_seen_at,
        -- An account whose list nobody walked is told by the lists of others.
        coalesce(lists.observed_at, seen.observed_at) as list_seen_at,
    from {{ ref('network_nodes_yearly') }} as nodes
    inner join {{ ref('int_network_nodes') }} as seen
        on nodes.network_code = seen.network_code and nodes.account_id = seen.account_id
    left join {{ ref('int_network_lists') }} as lists
        on nodes.network_code = lists.network_code and nodes.account_id = lists.account_id
    where nodes.network_code = 'follows'
),

tenures as (
    select * from {{ ref('int_tenures') }}
),

figures as (
    select
        account_id,
        is_walked,
        source_id,
        unnest([
            {
                'metric_id': 'N01', 'value': mutual_count::decimal(38, 9), 'n': peers_count - 1,
                'observed_at': list_seen_at
            },
            {
                'metric_id': 'N01_normalised', 'value': mutual_share, 'n': peers_count - 1,
                'observed_at': list_seen_at
            },
            {
                'metric_id': 'N02', 'value': in_degree_count::decimal(38, 9), 'n': walked_peers_count,
                'observed_at': network_seen_at
            },
            {
                'metric_id': 'N02_normalised', 'value': in_degree_share, 'n': walked_peers_count,
                'observed_at': network_seen_at
            },
            {
                'metric_id': 'N03', 'value': out_degree_count::decimal(38, 9), 'n': peers_count - 1,
                'observed_at': list_seen_at
            },
            {
                'metric_id': 'N04', 'value': one_way_in_count::decimal(38, 9), 'n': walked_peers_count,
                'observed_at': list_seen_at
            },
            {
                'metric_id': 'N06', 'value': mutual_in_region_count::decimal(38, 9), 'n': peers_count - 1,
                'observed_at': list_seen_at
            }
        ], recursive := true),
    from nodes
)

-- Its own list is told of whoever was in office when that was seen, the others' of whoever was when the last of them was.
-- What only the account's own list tells is unranked if that does not tell, and missing if nobody walked it.
select
    tenures.tenure_id,
    figures.metric_id,
    figures.value,
    figures.n,
    figures.observed_at,
    figures.source_id,
from figures
inner join tenures
    on
        figures.account_id = tenures.account_id
        and figures.observed_at >= tenures.tenure_start_at
        and figures.observed_at < tenures.tenure_end_at
where figures.is_walked or figures.value is not null
