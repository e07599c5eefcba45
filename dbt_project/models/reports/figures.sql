{{ config(schema="marts", contract={"enforced": true}) }}

with

metrics as (
    select * from {{ ref('metrics') }}
),

-- A metric's figures stand in the model of its family.
figures as (
    {% for family in ['coverage', 'audience', 'activity', 'conversation', 'engagement', 'networks', 'missions'] -%}
        select * from {{ ref('figures_' ~ family) }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
),

-- Of the world and of groups n counts who is known: with nobody known, nothing is.
known as (
    select
        year,
        platform_code,
        grain_code,
        subject,
        subject_name,
        scope,
        metric_id,
        n::bigint as n,
        is_partial,
        n > 0 or grain_code not in ('world', 'group') as is_known,
        case when is_known then value end as value,
        case when is_known then denominator end::bigint as denominator,
        case when is_known then as_of::date end as as_of,
        source_id,
    from figures
),

-- Each metric, and its variant with a floor.
variants as (
    select
        known.* exclude (metric_id, is_known),
        metrics.metric_id,
        metrics.metric_name,
        metrics.unit,
        metrics.method_version,
    from known
    inner join metrics
        on
            known.metric_id = metrics.metric_id
            or (
                known.metric_id = metrics.base_metric_id
                and metrics.minimum_posts_count is not null
                and known.grain_code in ('account', 'account_group', 'person')
            )
    where known.n >= coalesce(metrics.minimum_posts_count, 0)
),

scoped as (
    select * from variants
    union all by name
    select
        variants.* exclude (scope),
        scopes.scope,
    from variants
    inner join {{ ref('int_figure_scopes') }} as scopes using (year, platform_code, grain_code, subject)
),

ranked as (
    select
        *,
        case
            when value is not null and grain_code not in ('world', 'group')
                then rank() over (list order by value desc nulls last)
        end::integer as rank,
        case when grain_code not in ('world', 'group') then count(value) over list end as ranked_count,
    from scoped
    window list as (partition by year, platform_code, grain_code, metric_id, scope)
),

editions as (
    select
        year,
        lag(year) over (order by year) as previous_year,
    from {{ ref('int_editions') }}
),

-- A list of sources is of the classes that are in it.
classes as (
    select
        lists.source_id,
        string_agg(distinct sources.class_code, ' ' order by sources.class_code) as class_code,
    from (select distinct source_id from known) as lists
    inner join {{ ref('sources') }} as sources on list_contains(string_split(lists.source_id, ' '), sources.source_id)
    group by lists.source_id
)

select
    ranked.year,
    ranked.metric_id,
    ranked.platform_code,
    ranked.grain_code,
    ranked.scope,
    ranked.subject,
    ranked.metric_name,
    {{ name_of('scope', 'ranked.scope') }} as scope_name,
    ranked.subject_name,
    ranked.rank,
    ranked.value,
    ranked.unit,
    ranked.n,
    ranked.denominator,
    ranked.as_of,
    before.year as previous_year,
    before.value as previous_value,
    before.rank as previous_rank,
    (ranked.as_of - before.as_of)::bigint as days_between_count,
    ranked.ranked_count,
    null::bigint as eligible_count,
    ranked.is_partial,
    classes.class_code,
    ranked.method_version,
    ranked.source_id,
from ranked
inner join editions on ranked.year = editions.year
left join ranked as before
    on
        editions.previous_year = before.year
        and ranked.metric_id = before.metric_id
        and ranked.platform_code = before.platform_code
        and ranked.grain_code = before.grain_code
        and ranked.scope = before.scope
        and ranked.subject = before.subject
left join classes on ranked.source_id = classes.source_id
