{{ config(materialized='view') }}

with

observations as (
    select * from {{ ref('stg_posts') }}
    -- Not a part of stg_posts: the platform's terms limit the days that these rows may stay, and that table only grows.
    {% for shape in shapes('brief_posts') %}
        union all by name
        select * from {{ ref(shape) }}
        qualify row_number() over (partition by event_id order by ledger_position) = 1
    {% endfor %}
),

sources as ({{ roster_at_cut('stg_roster__sources') }})

-- If a source leaves replies out, `is_reply` is false for all its posts and would say that the account never replies.
select
    observations.* exclude (is_reply) replace (
        {% for column in post_counts() -%}
            {{ plausible('observations.' ~ column) }} as {{ column }} {{- ',' if not loop.last }}
        {% endfor -%}
    ),
    case
        when list_contains((select list(source_id) from sources where not excludes_replies), observations.source_id)
            then observations.is_reply
    end as is_reply,
from observations
anti join {{ ref('int_reread_posts') }} as reread on observations.event_id = reread.event_id
where {{ counts() }}
