{#- The models that use a raw table, and for a model that uses two tables the rows that come from this one. -#}
{%- set staged = {
    'account_snapshots': {
        'stg_by_hand__presence': 'true',
        'stg_by_hand__accounts': 'true',
        'stg_by_hand__looks': 'true',
        'stg_x_v2__volumes': 'true',
        'int_profiles': 'true',
        'int_unavailable': 'post_id is null',
    },
    'post_snapshots': {
        'int_post_observations': 'true',
        'int_unavailable': 'post_id is not null',
    },
    'follow_snapshots': dict.fromkeys(shapes('follows'), 'true'),
} -%}
{#- How many observations are superseded because their source was read again. -#}
{%- set reread = {
    'account_snapshots': "(select count(*) from " ~ ref('int_profile_readings') ~ ") - (select count(*) from "
        ~ ref('int_profiles') ~ ")",
    'post_snapshots': "(select count(*) from " ~ ref('int_reread_posts') ~ ")",
    'follow_snapshots': '0',
} -%}

with

withdrawn as (
    select
        ledger_position,
        event_id,
    from {{ ref('stg_by_hand__withdrawn') }}
),

landed as (
    {% for table in staged %}
        select
            '{{ table }}' as table_name,
            count(*) as events_count,
            count(*) filter (not is_standing) as withdrawn_count,
            count(*) filter (is_standing)
            - count(distinct event_id) filter (is_standing)
            + {{ reread[table] }} as superseded_count,
        from (
            select
                snapshots.event_id,
                {{ counts() }}
                {% if table == 'account_snapshots' %} and withdrawn.event_id is null {% endif %} as is_standing,
            from {{ source('raw', table) }} as snapshots
            {% if table == 'account_snapshots' -%}
                left join withdrawn using (ledger_position, event_id)
            {%- endif %}
            where ledger_position <= {{ cut() }}
        )
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

projected as (
    {% for table, models in staged.items() %}
        {% for model, condition in models.items() %}
            select
                '{{ table }}' as table_name,
                count(*) as events_count,
            from {{ ref(model) }}
            where {{ counts() }} and {{ condition }}
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
    landed.withdrawn_count::bigint as withdrawn_count,
from landed
inner join projected on landed.table_name = projected.table_name
group by all
