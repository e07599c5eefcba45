with

posts as ({{ posts_once(same_holder=true) }}),

held as (
    select
        *,
        split_part(lower(language_code), '-', 1) as language,
    from posts
    where is_original
)

select
    year,
    post_id,
    account_id,
    holder_id,
    posted_at::date as posted_date,
    -- X sends old codes for three languages, and codes of its own (e.g. qht) for posts with little text or none.
    case
        when language not in ('und', 'zxx') and not regexp_full_match(language, 'q[a-t][a-z]')
            then coalesce(map {'in': 'id', 'iw': 'he', 'ji': 'yi'}[language], language)
    end as language_code,
    {{ inert('client_name') }} as client_name,
    kind_code,
    list_distinct(list_transform(hashtags, lambda tag: {{ inert(folded('tag')) }})) as hashtags,
    case
        when not list_contains(link_domains, 'unknown')
            then list_distinct(list_transform(link_domains, lambda name: {{ inert('name') }}))
    end as link_domains,
    lpad(hour(posted_at)::varchar, 2, '0') as hour_code,
    isodow(posted_at)::varchar as weekday_code,
    len(hashtags) > 0 as has_hashtag,
    len(link_domains) > 0 as has_link,
    len(list_filter(mentioned_account_ids, lambda id: id != account_id)) > 0 as has_mention,
    reposts_received_count,
    likes_received_count,
from held
