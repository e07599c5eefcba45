with

holders as ({{ roster_at_cut('stg_roster__holders') }})

select
    year,
    split_part(account_id, ':', 1) as platform_code,
    account_id,
    holder_id,
    holders.holder_name,
    dimension_code,
    value_name,
    value_posts_count::bigint as value_posts_count,
    known_posts_count::bigint as known_posts_count,
    {{ ratio('value_posts_count', 'known_posts_count') }} as posts_share,
from {{ ref('int_content_counts') }}
inner join holders using (holder_id)
