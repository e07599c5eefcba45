with

profiles as (
    select * from {{ ref('stg_x__accounts') }} where ledger_position <= {{ var('cut') }}
),

figures as (
    select * from {{ ref('stg_by_hand__accounts') }} where ledger_position <= {{ var('cut') }}
),

sources as ({{ roster_at_cut('stg_roster__sources') }}),

stocks as (
    select
        profiles.account_id,
        profiles.observed_at,
        sources.observed_precision_code as precision_code,
        'followers' as audience_code,
        profiles.followers_count as audience_count,
        'exact' as rounding_code,
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
        figures.rounding_code,
        sources.class_code,
        figures.source_id,
        figures.evidence_url,
        figures.ledger_position,
        figures.event_id,
    from figures
    inner join sources on figures.source_id = sources.source_id
)

select
    *,
    date_trunc(precision_code, observed_at)::date as observed_from_date,
    case precision_code
        when 'year' then make_date(year(observed_at), 12, 31)
        when 'month' then last_day(observed_at::date)
        else observed_at::date
    end as observed_until_date,
from stocks
where audience_count is not null
