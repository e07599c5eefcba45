with

-- Persons and states, in the columns their tables share.
subjects as (
    select
        'person' as grain_code,
        holder_id as subject,
        holder_name as subject_name,
        *,
    from {{ ref('people_yearly') }}
    union all by name
    select
        'country' as grain_code,
        country_code as subject,
        country_name as subject_name,
        *,
    from {{ ref('countries_yearly') }}
),

accounts as (
    select
        platform_code,
        engagement_observed_at,
        source_id,
        case when audience_class_code = 'observed' then audience_source_id end as audience_source_id,
        unnest([
            {'grain_code': 'person', 'subject': holder_id},
            {'grain_code': 'country', 'subject': country_code}
        ], recursive := true),
    from {{ ref('accounts_yearly') }}
),

-- When and by whom the accounts behind a sum were seen.
sightings as (
    select
        grain_code,
        platform_code,
        subject,
        max(engagement_observed_at) as posts_at,
        string_agg(distinct source_id, ' ' order by source_id) as posts_source_id,
        string_agg(distinct audience_source_id, ' ' order by audience_source_id) as audience_source_id,
    from accounts
    group by grain_code, platform_code, subject
),

known as (
    select
        subjects.*,
        sightings.posts_at,
        sightings.posts_source_id,
        sightings.audience_source_id,
    from subjects
    inner join sightings
        on
            subjects.grain_code = sightings.grain_code
            and subjects.platform_code = sightings.platform_code
            and subjects.subject = sightings.subject
),

figures as (
    select
        grain_code,
        platform_code,
        subject,
        subject_name,
        posts_at::date as as_of,
        posts_source_id as source_id,
        unnest([{{ ranked_post_figures('known') }}], recursive := true),
    from known
    where posts_count is not null
    union all by name
    select
        grain_code,
        platform_code,
        subject,
        subject_name,
        audience_at::date as as_of,
        audience_source_id as source_id,
        'A01' as metric_id,
        audience_count::decimal(38, 9) as value,
        audience_accounts_count as n,
    from known
    where audience_count is not null
)

select
    grain_code,
    platform_code,
    subject,
    subject_name,
    metric_id,
    value,
    n,
    as_of,
    source_id,
from figures
-- An average over all the accounts of a state is no property of any of them.
where grain_code = 'person' or metric_id in ('A01', 'T05', 'E02')
