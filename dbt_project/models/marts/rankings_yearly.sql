with

figures as (
    select * from {{ ref('int_ranked_figures') }}
),

scopes as (
    select * from {{ ref('int_ranked_scopes') }}
),

metrics as (
    select * from {{ ref('metrics') }}
),

-- Each metric, and its variant with a floor.
variants as (
    select
        figures.* exclude (metric_id),
        metrics.metric_id,
        metrics.method_version,
    from figures
    inner join metrics
        on
            figures.metric_id = metrics.metric_id
            or (figures.metric_id = metrics.base_metric_id and metrics.minimum_posts_count is not null)
    where figures.n >= coalesce(metrics.minimum_posts_count, 0)
),

scoped as (
    select
        *,
        'in_office' as scope,
    from variants
    union all by name
    select
        variants.*,
        scopes.scope,
    from variants
    inner join scopes
        on
            variants.grain_code = scopes.grain_code
            and variants.platform_code = scopes.platform_code
            and variants.subject = scopes.subject
)

select
    {{ var('year') }}::integer as year,
    platform_code,
    grain_code,
    metric_id,
    scope,
    case
        when value is not null
            then rank() over (
                partition by platform_code, grain_code, metric_id, scope
                order by value desc nulls last
            )
    end::integer as rank,
    subject,
    subject_name,
    value,
    n,
    as_of,
    method_version,
    source_id,
from scoped
