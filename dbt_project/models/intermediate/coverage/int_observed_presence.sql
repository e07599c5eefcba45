-- Whoever was seen on a platform is on it, whether or not somebody looked for an account of the state. Whoever left
-- before the edition's end is not there at its end.
select
    year,
    country_code,
    platform_code,
    bool_or(account_type_code = 'personal') as has_personal,
    bool_or(account_type_code = 'institutional') as has_institutional,
    {{ united('seen_source_id') }} as source_id,
from (
    select
        figures.*,
        case
            when figures.audience_class_code = 'observed' then figures.audience_source_id else figures.source_id
        end as seen_source_id,
    from {{ ref('int_tenure_figures') }} as figures
    inner join {{ ref('int_editions') }} as editions using (year)
    where
        figures.tenure_end_at = editions.window_close_date::timestamptz
        and (figures.audience_class_code = 'observed' or figures.posts_count > 0)
) as seen
group by year, country_code, platform_code
