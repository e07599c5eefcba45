with

profiles as (
    select * from {{ ref('int_profiles') }}
),

figures as (
    select * from {{ ref('stg_by_hand__accounts') }}
),

looks as (
    select * from {{ ref('stg_by_hand__looks') }}
),

sources as ({{ roster_at_cut('stg_roster__sources') }}),

stocks as (
    select
        profiles.account_id,
        profiles.observed_at,
        sources.observed_precision_code as precision_code,
        profiles.audience_code,
        profiles.audience_count,
        profiles.following_count,
        profiles.listed_count,
        profiles.lifetime_posts_count,
        profiles.rounding_code,
        sources.class_code,
        profiles.source_id,
        sources.url as evidence_url,
        profiles.ledger_position,
        profiles.event_id,
    from profiles
    inner join sources on profiles.source_id = sources.source_id
    union all by name
    select
        figures.account_id,
        figures.observed_at,
        figures.observed_precision_code as precision_code,
        figures.audience_code,
        figures.audience_count,
        figures.following_count,
        figures.listed_count,
        figures.lifetime_posts_count,
        figures.rounding_code,
        sources.class_code,
        figures.source_id,
        figures.evidence_url,
        figures.ledger_position,
        figures.event_id,
    from figures
    inner join sources on figures.source_id = sources.source_id
    union all by name
    select
        looks.account_id,
        looks.observed_at,
        'day' as precision_code,
        looks.audience_code,
        looks.audience_count,
        looks.following_count,
        looks.lifetime_posts_count,
        looks.rounding_code,
        sources.class_code,
        looks.source_id,
        looks.evidence_url,
        looks.ledger_position,
        looks.event_id,
    from looks
    inner join sources on looks.source_id = sources.source_id
)

select
    * replace (
        {% for column in ['audience_count', 'following_count', 'listed_count', 'lifetime_posts_count'] -%}
            {{ plausible(column) }} as {{ column }} {{- ',' if not loop.last }}
        {% endfor -%}
    ),
    date_trunc(precision_code, observed_at)::date as observed_from_date,
    case precision_code
        when 'year' then make_date(year(observed_at), 12, 31)
        when 'month' then last_day(observed_at::date)
        else observed_at::date
    end as observed_until_date,
from stocks
where coalesce(audience_count, following_count, listed_count, lifetime_posts_count) is not null
