{{ config(schema="marts", contract={"enforced": true}) }}

with

metrics as (
    select * from {{ ref('metrics') }}
),

-- The figures of a metric are in the model of its family, e.g. those of A01 in figures_audience.
figures as (
    {% for family in ['coverage', 'audience', 'activity', 'conversation', 'engagement', 'networks', 'missions'] -%}
        select * from {{ ref('figures_' ~ family) }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
),

-- For the world and for groups, n counts the subjects whose answer is known. If it is 0, the value is unknown, not 0.
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
        unranked_reason,
        n > 0 or grain_code not in ('world', 'group') as is_known,
        case when is_known then value end as value,
        case when is_known then denominator end::bigint as denominator,
        case when is_known then as_of::date end as as_of,
        source_id,
    from figures
),

-- Each figure under its own metric and, if it reaches the minimum of posts, under the variant `_min12`.
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
    where
        known.n >= coalesce(metrics.minimum_posts_count, 0)
        -- A platform to which the metric does not apply has no list: YouTube has none of replies.
        and (
            metrics.platform_codes = 'all'
            or list_contains(string_split(metrics.platform_codes, ' '), known.platform_code)
        )
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

-- Why a value has no rank: its subject is not in the list's scope at the edition's end, it was observed at another time
-- than the others, or not all of it was observed. Posts and missions hold no office, so they cannot have left one.
judged as (
    select
        scoped.* replace (
            case
                when scoped.value is null or scoped.grain_code in ('world', 'group') then null
                when eligible.subject is null and scoped.grain_code not in ('post', 'mission') then 'left_office'
                when scoped.unranked_reason is not null then scoped.unranked_reason
                when scoped.is_partial then 'partial'
            end as unranked_reason
        ),
    from scoped
    left join {{ ref('int_list_subjects') }} as eligible using (year, platform_code, grain_code, scope, subject)
),

ranked as (
    select
        judged.*,
        case when judged.grain_code not in ('world', 'group') and judged.unranked_reason is null then judged.value end
            as ranked_value,
        case when ranked_value is not null then rank() over (list order by ranked_value desc nulls last) end::integer
            as rank,
        case when judged.grain_code not in ('world', 'group') then count(ranked_value) over list end as ranked_count,
        lists.eligible_count,
    from judged
    left join (
        select
            year,
            platform_code,
            grain_code,
            scope,
            count(*) as eligible_count,
        from {{ ref('int_list_subjects') }}
        group by year, platform_code, grain_code, scope
    ) as lists using (year, platform_code, grain_code, scope)
    window list as (
        partition by judged.year, judged.platform_code, judged.grain_code, judged.metric_id, judged.scope
    )
),

editions as (
    select
        year,
        lag(year) over (order by year) as previous_year,
    from {{ ref('int_editions') }}
),

-- Classes of each combination of sources: a value with an observed and a published source has `observed published`.
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
    ranked.eligible_count,
    ranked.ranked_count >= 3 and 2 * ranked.ranked_count >= ranked.eligible_count as is_representative,
    known_states.known_states_count::bigint as known_states_count,
    ranked.unranked_reason,
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
left join {{ ref('int_known_states') }} as known_states
    on
        ranked.year = known_states.year
        and ranked.grain_code not in ('world', 'group')
        and case when regexp_matches(ranked.scope, '^(account_type|gender):') then 'in_office' else ranked.scope end
        = known_states.scope
