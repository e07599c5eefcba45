with

peers as (
    select * from {{ ref('int_peers') }}
),

lists as (
    select * from {{ ref('int_network_lists') }}
),

edges as (
    select * from {{ ref('int_network_edges') }}
),

networks as (
    select distinct
        year,
        network_code,
        platform_code,
    from lists
),

members as (
    select
        year,
        account_id,
        platform_code,
        'all' as scope_code,
        'all' as group_code,
    from peers
    union all
    select
        year,
        account_id,
        platform_code,
        'region' as scope_code,
        region_code as group_code,
    from peers
    where region_code is not null
),

nodes as (
    select
        networks.network_code,
        members.*,
        coalesce(lists.is_whole, false) as is_whole,
        count_if(not coalesce(lists.is_whole, false)) over (
            partition by
                members.year,
                networks.network_code,
                members.platform_code,
                members.scope_code,
                members.group_code
        ) as not_whole_count,
    from networks
    inner join members on networks.year = members.year and networks.platform_code = members.platform_code
    left join lists
        on
            networks.year = lists.year
            and networks.network_code = lists.network_code
            and members.account_id = lists.account_id
),

pairs as (
    select
        edges.*,
        one.scope_code,
    from edges
    inner join members as one on edges.year = one.year and edges.account_id = one.account_id
    inner join members as other
        on
            edges.year = other.year
            and edges.peer_account_id = other.account_id
            and one.scope_code = other.scope_code
            and one.group_code = other.group_code
),

own as (
    select
        year,
        network_code,
        account_id,
        scope_code,
        count_if(is_returned) as seen_mutual_count,
        count_if(is_returned and not is_peer_whole) as settled_count,
        count_if(not is_returned and not is_peer_whole) as unanswered_count,
    from pairs
    group by year, network_code, account_id, scope_code
),

others as (
    select
        year,
        network_code,
        peer_account_id as account_id,
        scope_code,
        count_if(not is_returned and is_whole) as unanswered_count,
    from pairs
    group by year, network_code, peer_account_id, scope_code
),

-- Which pairs are undecided? If the account's own list is complete, only the peers on it can be mutual, and of these
-- those whose lists are incomplete and do not show the account. If its list is incomplete, it may hold any peer whose
-- list is incomplete too and with whom it is not seen to be mutual, and any peer with a complete list that shows it.
counts as (
    select
        nodes.year,
        nodes.network_code,
        nodes.account_id,
        nodes.scope_code,
        coalesce(own.seen_mutual_count, 0) as seen_mutual_count,
        case
            when nodes.is_whole then coalesce(own.unanswered_count, 0)
            else nodes.not_whole_count - 1 - coalesce(own.settled_count, 0) + coalesce(others.unanswered_count, 0)
        end as unknown_mutual_count,
    from nodes
    left join own using (year, network_code, account_id, scope_code)
    left join others using (year, network_code, account_id, scope_code)
)

select
    *,
    case when unknown_mutual_count = 0 then seen_mutual_count end as mutual_count,
from counts
