with

accounts as (
    select * from {{ ref('int_accounts') }}
),

posts as ({{ posts_once() }}),

-- A reply mentions the account that it answers, even if its text does not name that account.
mentioned as (
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
    mentioned.year,
    mentioned.account_id,
    mentioned.mentioned_account_id,
    count(*) as mentioning_posts_count,
    case
        when count(mentioned.is_reply_to_other) = count(*)
            then count(*) filter (mentioned.replied_to_account_id = mentioned.mentioned_account_id)
    end as replies_count,
    max(mentioned.engagement_observed_at) as observed_at,
    string_agg(distinct mentioned.source_id, ' ' order by mentioned.source_id) as source_id,
from mentioned
inner join accounts on mentioned.mentioned_account_id = accounts.account_id
where mentioned.mentioned_account_id != mentioned.account_id
group by mentioned.year, mentioned.account_id, mentioned.mentioned_account_id
