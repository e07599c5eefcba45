with

pages as (
    {{ union_models(shapes('follows')) }}
),

-- One run reads a list page by page, so all pages of one reading have one ledger position.
last_walk as (
    select
        editions.year,
        pages.*,
    from pages
    inner join {{ ref('int_editions') }} as editions on year(pages.observed_at) = editions.year
    qualify dense_rank() over (partition by editions.year, pages.account_id order by pages.ledger_position desc) = 1
)

select
    year,
    account_id,
    bool_or(is_last) as is_whole,
    max(observed_at) as observed_at,
    any_value(source_id) as source_id,
    list_distinct(flatten(list(followed_account_ids))) as followed_account_ids,
from last_walk
group by year, account_id
