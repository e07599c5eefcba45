with

accounts as (
    select
        *,
        concat_ws('/', account_id, holder_id, term_start_date) as subject,
    from {{ ref('accounts_yearly') }}
),

metrics as (
    select * from {{ ref('metrics') }} where grain_code = 'account'
),

figures as (
    select
        platform_code,
        subject,
        holder_name || ' (@' || handle || ')' as subject_name,
        engagement_observed_at::date as as_of,
        source_id,
        unnest([
            {'metric_id': 'T02', 'value': posts_per_day, 'n': posts_count},
            {'metric_id': 'V01', 'value': reply_share, 'n': posts_count},
            {'metric_id': 'E01', 'value': reposts_per_original_post, 'n': original_posts_count},
            {'metric_id': 'E05', 'value': likes_per_original_post, 'n': original_posts_count}
        ]) as figure,
    from accounts
    where posts_count is not null
    union all
    select
        platform_code,
        subject,
        holder_name || ' (@' || handle || ')' as subject_name,
        audience_at::date as as_of,
        audience_source_id as source_id,
        {'metric_id': 'A01', 'value': audience_count::decimal(38, 9), 'n': 1} as figure,
    from accounts
    -- What the studies printed are the leaders of their lists: a ranking of those would rank the lists.
    where audience_class_code = 'observed'
),

variants as (
    select
        figures.*,
        metrics.metric_id,
        metrics.method_version,
    from figures
    inner join metrics on figures.figure.metric_id = metrics.base_metric_id
    where figures.figure.n >= coalesce(metrics.minimum_posts_count, 0)
)

select
    {{ var('year') }}::integer as year,
    platform_code,
    metric_id,
    'in_office' as scope,
    case
        when figure.value is not null
            then rank() over (partition by platform_code, metric_id order by figure.value desc nulls last)
    end::integer as rank,
    subject,
    subject_name,
    figure.value,
    figure.n,
    as_of,
    method_version,
    source_id,
from variants
