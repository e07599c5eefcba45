with

nodes as (
    select
        nodes.*,
        seen.observed_at as network_seen_at,
        -- If nobody read the account's own list, its ties are known from the lists of others.
        coalesce(lists.observed_at, seen.observed_at) as list_seen_at,
    from {{ ref('network_nodes_yearly') }} as nodes
    inner join {{ ref('int_network_nodes') }} as seen using (year, network_code, account_id)
    left join {{ ref('int_network_lists') }} as lists using (year, network_code, account_id)
    where network_code = 'follows'
),

figures as (
    select
        year,
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

-- Figures from the account's own list are credited to whoever held office when it was read. Figures from the lists of
-- others are credited to whoever held office when the last of them was read. An account whose own list nobody read has
-- only the rows whose value is known without it.
select
    year,
    accounts.platform_code,
    'account' as grain_code,
    account_id as subject,
    accounts.holder_name || ' (@' || accounts.handle || ')' as subject_name,
    figures.metric_id,
    'in_office' as scope,
    figures.value,
    figures.n,
    figures.observed_at as as_of,
    figures.source_id,
from figures
inner join {{ ref('int_account_figures') }} as accounts using (year, account_id)
where
    figures.observed_at >= accounts.tenure_start_at
    and figures.observed_at < accounts.tenure_end_at
    and (figures.is_walked or figures.value is not null)
