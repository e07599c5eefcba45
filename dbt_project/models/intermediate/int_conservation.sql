{%- set staged = {
    'account_snapshots': ['stg_by_hand__presence', 'stg_by_hand__accounts', 'stg_x__accounts'],
    'post_snapshots': ['stg_x__posts'],
} -%}

with

landed as (
    {% for table in staged %}
        select
            '{{ table }}' as table_name,
            count(*) as events_count,
            count(*) - count(distinct event_id) as superseded_count,
        from {{ source('raw', table) }}
        where ledger_position <= {{ var('cut') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

projected as (
    {% for table, models in staged.items() %}
        {% for model in models %}
            select
                '{{ table }}' as table_name,
                count(*) as events_count,
            from {{ ref(model) }}
            where ledger_position <= {{ var('cut') }}
            {{ 'union all' if not loop.last }}
        {% endfor %}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    landed.table_name,
    landed.events_count::bigint as events_count,
    sum(projected.events_count)::bigint as projected_count,
    landed.superseded_count::bigint as superseded_count,
from landed
inner join projected on landed.table_name = projected.table_name
group by all
