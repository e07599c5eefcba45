{{ config(materialized='view') }}

{%- set counts = post_counts() -%}
{%- set latest = 'order by observed_at, ledger_position, event_id' -%}

with

in_window as not materialized (
    select *
    from {{ ref('int_post_observations') }}
    where list_contains((select list(year) from {{ ref('int_editions') }}), year(posted_at))
),

-- Older versions of edited posts, each under an id of its own: they are left out.
older_versions as (
    select distinct unnest(older_post_ids) as post_id
    from in_window
    where older_post_ids is not null
),

-- Only posts that were seen several times are put in order, and only by their keys: complete rows fill the memory.
repeated as (
    select post_id
    from in_window
    group by post_id
    having count(*) > 1
),

ranked as (
    select
        in_window.post_id,
        in_window.event_id,
        {{ known_bits() }} as known_bits,
        row_number() over observations as recency,
        bit_or(known_bits) over (partition by in_window.post_id) as ever_known_bits,
    from in_window
    semi join repeated on in_window.post_id = repeated.post_id
    window observations as (
        partition by in_window.post_id
        order by in_window.observed_at desc, in_window.ledger_position desc, in_window.event_id desc
    )
),

outdated as (
    select event_id from ranked where recency > 1
),

incomplete as (
    select post_id from ranked where recency = 1 and known_bits != ever_known_bits
),

-- Posts of which the last observation knows less than an earlier one did.
completed as (
    select
        post_id,
        {% for column in ['event_id', 'ledger_position', 'source_id', 'account_id', 'posted_at'] -%}
            last({{ column }} {{ latest }}) as {{ column }},
        {% endfor -%}
        {% for fact, columns in post_facts() | items -%}
            {% for column in columns -%}
                last({{ column }} {{ latest }}) filter ({{ fact }} is not null) as {{ column }},
            {% endfor -%}
        {% endfor -%}
        {% for count in counts -%}
            last({{ count }} {{ latest }}) filter ({{ count }} is not null) as {{ count }},
        {% endfor -%}
        coalesce(
            max(observed_at) filter (coalesce({{ counts | join(', ') }}) is not null),
            max(observed_at)
        ) as observed_at,
    from in_window
    semi join incomplete on in_window.post_id = incomplete.post_id
    group by post_id
)

select in_window.* exclude (older_post_ids)
from in_window
anti join outdated on in_window.event_id = outdated.event_id
anti join incomplete on in_window.post_id = incomplete.post_id
anti join older_versions on in_window.post_id = older_versions.post_id
union all by name
select completed.*
from completed
anti join older_versions on completed.post_id = older_versions.post_id
