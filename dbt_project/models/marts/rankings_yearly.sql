with

accounts as (
    select
        *,
        split_part(account_id, ':', 1) as platform_code,
        concat_ws('/', account_id, holder_id, term_start_date) as subject,
    from {{ ref('accounts_yearly') }}
    where posts_count is not null
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
