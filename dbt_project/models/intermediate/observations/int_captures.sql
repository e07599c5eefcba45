with

posts as (
    select * from {{ ref('int_post_observations') }}
),

-- If an input was mended and collected again, only its last collection says whether it is cut short.
collections as (
    select
        ledger_position,
        last_value(is_cut_short) over (
            partition by source_id, input_name
            order by ledger_position
            rows between unbounded preceding and unbounded following
        ) as is_cut_short,
    from {{ ref('stg_collections') }}
    where {{ counts() }} and not is_run
)

-- A capture is of a day and not of an instant, because each of its pages has an instant of its own.
select
    posts.account_id,
    posts.source_id,
    posts.observed_at::date as observed_date,
    max(posts.observed_at) as observed_at,
    count(distinct posts.post_id) as posts_count,
    min(posts.posted_at) as oldest_posted_at,
    bool_or(collections.is_cut_short) as is_cut_short,
from posts
inner join collections on posts.ledger_position = collections.ledger_position
group by posts.account_id, posts.source_id, posts.observed_at::date
