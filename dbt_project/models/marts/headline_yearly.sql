with

figures as (
    select * from {{ ref('int_headlines_coverage') }}
    union all by name
    select * from {{ ref('int_headlines_accounts') }}
    union all by name
    select * from {{ ref('int_headlines_kinds') }}
),

metrics as (
    select * from {{ ref('metrics') }}
)

select
    {{ var('year') }}::integer as year,
    figures.platform_code,
    figures.metric_id,
    figures.scope,
    figures.value,
    figures.n::bigint as n,
    figures.denominator::bigint as denominator,
    figures.as_of,
    {{ window_start_date() }} as window_start_date,
    {{ window_end_date() }} as window_end_date,
    metrics.method_version,
    figures.source_id,
from figures
left join metrics on figures.metric_id = metrics.metric_id
