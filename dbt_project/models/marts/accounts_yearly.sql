with

tenures as (
    select * from {{ ref('int_tenures') }}
),

posts as (
    select * from {{ ref('int_posts') }} where is_in_office
),

spans as (
    select * from {{ ref('int_collected_spans') }}
),

-- A stock belongs to the year, and to the holder, that was current when it was observed.
followers as (
    select
        tenures.account_id,
        tenures.holder_id,
        tenures.office_code,
        tenures.term_start_date,
        profiles.followers_count,
        profiles.observed_at as followers_at,
    from tenures
    inner join {{ ref('stg_x__accounts') }} as profiles
        on
            tenures.account_id = profiles.account_id
            and profiles.observed_at::date between tenures.tenure_start_date and tenures.tenure_end_date
    where profiles.ledger_position <= {{ var('cut') }}
    qualify
        row_number() over (
            partition by tenures.account_id, tenures.holder_id, tenures.office_code, tenures.term_start_date
            order by profiles.observed_at desc, profiles.ledger_position desc, profiles.event_id desc
        ) = 1
),

collected as (
    select
        tenures.*,
        spans.source_id,
        spans.span_end_at,
        -- Only with a span: least and greatest pass over null, and days nobody collected must not look collected.
        case
            when spans.account_id is not null
                then greatest(
                    least(tenures.tenure_end_date, spans.span_end_at::date)
                    - greatest(tenures.tenure_start_date, spans.span_start_at::date) + 1,
                    0
                )
        end as days_count,
        nullif(
            concat_ws(
                ' ',
                case when spans.is_reach_limited and spans.span_start_at::date > tenures.tenure_start_date then 'reach_limit' end,
                case when spans.span_end_at::date < tenures.tenure_end_date then 'capture_ended' end
            ),
            ''
        ) as partial_reason,
    from tenures
    left join spans on tenures.account_id = spans.account_id
),

counts as (
    select
        account_id,
        holder_id,
        office_code,
        term_start_date,
        count(*) as posts_count,
        count_if(is_original) as original_posts_count,
        count_if(is_repost) as reposts_made_count,
        count_if(is_reply_to_other) as replies_to_others_count,
        sum(reposts_received_count) filter (is_original) as reposts_received_count,
        sum(likes_received_count) filter (is_original) as likes_received_count,
        max(engagement_observed_at) as engagement_observed_at,
    from posts
    group by all
),

top_posts as (
    select
        account_id,
        holder_id,
        office_code,
        term_start_date,
        post_id,
        reposts_received_count,
    from posts
    where is_original
    qualify
        row_number() over (
            partition by account_id, holder_id, office_code, term_start_date
            order by reposts_received_count desc, posted_at asc, post_id asc
        ) = 1
),

-- Days that were collected and held no post give true zeros; days that were not collected give nothing.
figures as (
    select
        collected.*,
        followers.followers_count,
        followers.followers_at,
        top_posts.post_id as top_post_id,
        top_posts.reposts_received_count as top_post_reposts_count,
        coalesce(collected.days_count > 0, false) as is_collected,
        case when is_collected then coalesce(counts.posts_count, 0) end as posts_count,
        case when is_collected then coalesce(counts.original_posts_count, 0) end as original_posts_count,
        case when is_collected then coalesce(counts.reposts_made_count, 0) end as reposts_made_count,
        case when is_collected then coalesce(counts.replies_to_others_count, 0) end as replies_to_others_count,
        case when is_collected then coalesce(counts.reposts_received_count, 0) end as reposts_received_count,
        case when is_collected then coalesce(counts.likes_received_count, 0) end as likes_received_count,
        case when is_collected then coalesce(counts.engagement_observed_at, collected.span_end_at) end
            as engagement_observed_at,
    from collected
    left join followers
        on
            collected.account_id = followers.account_id
            and collected.holder_id = followers.holder_id
            and collected.office_code = followers.office_code
            and collected.term_start_date is not distinct from followers.term_start_date
    left join counts
        on
            collected.account_id = counts.account_id
            and collected.holder_id = counts.holder_id
            and collected.office_code = counts.office_code
            and collected.term_start_date is not distinct from counts.term_start_date
    left join top_posts
        on
            collected.account_id = top_posts.account_id
            and collected.holder_id = top_posts.holder_id
            and collected.office_code = top_posts.office_code
            and collected.term_start_date is not distinct from top_posts.term_start_date
)

select
    {{ var('year') }}::integer as year,
    account_id,
    handle,
    country_code,
    holder_id,
    holder_name,
    office_code,
    account_type_code,
    term_start_date,
    term_end_date,
    followers_count,
    followers_at,
    posts_count::bigint as posts_count,
    original_posts_count::bigint as original_posts_count,
    reposts_made_count::bigint as reposts_made_count,
    replies_to_others_count::bigint as replies_to_others_count,
    {{ ratio('replies_to_others_count', 'posts_count') }} as reply_share,
    reposts_received_count::bigint as reposts_received_count,
    likes_received_count::bigint as likes_received_count,
    {{ ratio('reposts_received_count', 'original_posts_count') }} as reposts_per_original_post,
    {{ ratio('likes_received_count', 'original_posts_count') }} as likes_per_original_post,
    {{ ratio('posts_count', 'days_count') }} as posts_per_day,
    top_post_id,
    top_post_reposts_count,
    engagement_observed_at,
    case when is_collected then partial_reason is not null end as is_partial,
    case when is_collected then partial_reason end as partial_reason,
    source_id,
from figures
