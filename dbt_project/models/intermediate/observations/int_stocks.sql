with

profiles as (
    select * from {{ ref('int_profiles') }}
),

figures as (
    select * from {{ ref('stg_by_hand__accounts') }}
),

checks as (
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
        checks.account_id,
        checks.observed_at,
        'day' as precision_code,
        checks.audience_code,
        checks.audience_count,
        checks.following_count,
        checks.lifetime_posts_count,
        checks.rounding_code,
        sources.class_code,
        checks.source_id,
        checks.evidence_url,
        checks.ledger_position,
        checks.event_id,
    from checks
    inner join sources on checks.source_id = sources.source_id
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
