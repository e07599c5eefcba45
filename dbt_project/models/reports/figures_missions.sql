with

missions as (
    select * from {{ ref('missions_yearly') }}
),

-- A foreign ministry is not a mission: it counts among the accounts (M05), not among the missions (M01 to M04).
sums as (
    select
        year,
        platform_code,
        country_code as subject,
        any_value(country_name) as subject_name,
        sum(missions_count) filter (category_code != 'foreign_ministry') as missions_count,
        sum(online_missions_count) filter (category_code != 'foreign_ministry') as online_missions_count,
        sum(online_missions_count) filter (category_code = 'head_of_mission') as online_heads_count,
        sum(missions_count) filter (category_code = 'head_of_mission') as heads_count,
        sum(accounts_count) as accounts_count,
        count(*) as places_count,
    from missions
    group by year, platform_code, country_code
),

figures as (
    select
        year,
        platform_code,
        subject,
        subject_name,
        unnest([
            {
                'metric_id': 'M01', 'value': online_missions_count::decimal(38, 9), 'n': missions_count,
                'denominator': null::bigint
            },
            {
                'metric_id': 'M02', 'value': missions_count::decimal(38, 9), 'n': missions_count, 'denominator': null
            },
            {
                'metric_id': 'M03', 'value': online_heads_count::decimal(38, 9), 'n': heads_count, 'denominator': null
            },
            {
                'metric_id': 'M04', 'value': {{ ratio('online_missions_count', 'missions_count') }},
                'n': missions_count, 'denominator': missions_count
            },
            {
                'metric_id': 'M05', 'value': accounts_count::decimal(38, 9), 'n': places_count, 'denominator': null
            }
        ], recursive := true),
    from sums
)

select
    *,
    'state' as grain_code,
    'in_office' as scope,
from figures
where value is not null
