with

subjects as (
    select * from {{ ref('int_figure_subjects') }}
),

figures as (
    select
        year,
        platform_code,
        grain_code,
        subject,
        subject_name,
        engagement_observed_at as as_of,
        source_id,
        is_partial,
        unnest([
            {'metric_id': 'V01', 'value': reply_share, 'n': posts_count},
            {
                'metric_id': 'V02', 'value': terms_without_replies_count::decimal(38, 9),
                'n': replies_known_terms_count
            }
        ], recursive := true),
    from subjects
)

-- States have no reply share: a mean over all accounts of a state describes none of them.
select
    *,
    'in_office' as scope,
from figures
where
    (metric_id = 'V01' and grain_code in ('account', 'person', 'group', 'world') and n is not null)
    or (metric_id = 'V02' and (grain_code = 'world' or (grain_code = 'group' and n > 0)))
