with

accounts as (
    select
        accounts.*,
        tenures.tenure_id,
        concat_ws('/', accounts.account_id, accounts.holder_id, accounts.term_start_date) as subject,
        accounts.holder_name || ' (@' || accounts.handle || ')' as subject_name,
    from {{ ref('accounts_yearly') }} as accounts
    inner join {{ ref('int_tenures') }} as tenures
        on
            accounts.account_id = tenures.account_id
            and accounts.holder_id = tenures.holder_id
            and accounts.term_start_date is not distinct from tenures.term_start_date
),

posts as (
    select
        tenure_id,
        engagement_observed_at as observed_at,
        source_id,
        unnest([
            {'metric_id': 'T02', 'value': posts_per_day, 'n': posts_count},
            {{ ranked_post_figures('accounts') }}
        ], recursive := true),
    from accounts
    where posts_count is not null
),

-- What the studies printed are the leaders of their lists: a ranking of those would rank the lists.
audiences as (
    select
        tenure_id,
        audience_at as observed_at,
        audience_source_id as source_id,
        'A01' as metric_id,
        audience_count::decimal(38, 9) as value,
        1 as n,
    from accounts
    where audience_class_code = 'observed'
),

growths as (
    select
        tenure_id,
        audience_at as observed_at,
        array_to_string(list_sort(list_distinct([audience_source_id, previous_audience_source_id])), ' ') as source_id,
        'A07' as metric_id,
        audience_growth_share as value,
        1 as n,
    from accounts
    where audience_class_code = 'observed' and previous_audience_class_code = 'observed'
),

stocks as (
    select
        tenure_id,
        observed_at,
        source_id,
        case figure_code when 'following' then 'A09' when 'listed' then 'A10' else 'T01' end as metric_id,
        figure_count::decimal(38, 9) as value,
        1 as n,
    from {{ ref('int_tenure_profiles') }}
),

lifetimes as (
    select
        tenure_id,
        observed_at,
        source_id,
        'T02_lifetime' as metric_id,
        {{ ratio('figure_count', 'account_days_count') }} as value,
        figure_count as n,
    from {{ ref('int_tenure_profiles') }}
    where figure_code = 'lifetime_posts'
),

connections as (
    select * from {{ ref('int_ranked_connections') }}
),

-- Another metric of accounts is another line here.
figures as (
    {% for part in ['posts', 'audiences', 'growths', 'stocks', 'lifetimes', 'connections'] -%}
        select * from {{ part }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
)

select
    accounts.tenure_id,
    accounts.account_id,
    accounts.holder_id,
    accounts.platform_code,
    accounts.subject,
    accounts.subject_name,
    figures.metric_id,
    figures.value,
    figures.n,
    figures.observed_at::date as as_of,
    figures.source_id,
from figures
inner join accounts on figures.tenure_id = accounts.tenure_id
