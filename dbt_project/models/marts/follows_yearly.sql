with

lists as (
    select * from {{ ref('int_follows') }}
),

edges as (
    select
        year,
        account_id,
        unnest(followed_account_ids) as followed_account_id,
        observed_at,
        source_id,
    from lists
)

select
    edges.year,
    split_part(edges.account_id, ':', 1) as platform_code,
    edges.account_id,
    edges.followed_account_id,
    -- An account that is missing from an incomplete list may be followed all the same.
    case
        when back.followed_account_id is not null then true
        when lists.is_whole then false
    end as is_mutual,
    edges.observed_at::date as as_of,
    edges.source_id,
from edges
left join edges as back
    on
        edges.year = back.year
        and edges.account_id = back.followed_account_id
        and edges.followed_account_id = back.account_id
left join lists on edges.year = lists.year and edges.followed_account_id = lists.account_id
