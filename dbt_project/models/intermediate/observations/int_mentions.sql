with

accounts as (
    select * from {{ ref('int_accounts') }}
),

posts as ({{ posts_once() }}),

-- A reply speaks of whom it answers, whether or not the text names them.
spoken_of as (
    select
        year,
        account_id,
        replied_to_account_id,
        is_reply_to_other,
        engagement_observed_at,
        source_id,
        unnest(
            list_distinct(list_append(coalesce(mentioned_account_ids, []), replied_to_account_id))
        ) as mentioned_account_id,
    from posts
    where is_original
)

select
    spoken_of.year,
    spoken_of.account_id,
    spoken_of.mentioned_account_id,
    count(*) as mentioning_posts_count,
    case
        when count(spoken_of.is_reply_to_other) = count(*)
            then count(*) filter (spoken_of.replied_to_account_id = spoken_of.mentioned_account_id)
    end as replies_count,
    max(spoken_of.engagement_observed_at) as observed_at,
    string_agg(distinct spoken_of.source_id, ' ' order by spoken_of.source_id) as source_id,
from spoken_of
inner join accounts on spoken_of.mentioned_account_id = accounts.account_id
where spoken_of.mentioned_account_id != spoken_of.account_id
group by spoken_of.year, spoken_of.account_id, spoken_of.mentioned_account_id
