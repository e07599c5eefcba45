select
    metric_id,
    base_metric_id,
    metric_name,
    formula,
    unit,
    grain_code,
    minimum_posts_count,
    method_version,
from {{ ref('metrics_registry') }}
