{#- The times in which an account is in two offices at once, as pairs of tenures. A post made in such a time has several
    rows in int_posts, one for each tenure. All other posts, which are nearly all, have one row and need no grouping. -#}
{% macro offices_at_once() -%}
    select
        one.tenure_id,
        other.tenure_id as other_tenure_id,
        one.holder_id = other.holder_id as is_same_holder,
        greatest(one.tenure_start_at, other.tenure_start_at) as start_at,
        least(one.tenure_end_at, other.tenure_end_at) as end_at,
    from {{ ref('int_tenures') }} as one
    inner join {{ ref('int_tenures') }} as other
        on
            one.year = other.year
            and one.account_id = other.account_id
            and one.tenure_id != other.tenure_id
            and one.tenure_start_at < other.tenure_end_at
            and other.tenure_start_at < one.tenure_end_at
{%- endmacro %}

{#- Whether a post was made in the time of such a pair. -#}
{% macro at_once(posts, pairs) -%}
    {{ posts }}.tenure_id = {{ pairs }}.tenure_id
    and {{ posts }}.posted_at >= {{ pairs }}.start_at
    and {{ posts }}.posted_at < {{ pairs }}.end_at
{%- endmacro %}

{#- The posts in office, each once. If a post has several offices, the row of the first tenure stays; with
    `same_holder`, only offices of the same holder are taken together. -#}
{% macro posts_once(same_holder=false) -%}
    select posts.*
    from {{ ref('int_posts') }} as posts
    anti join ({{ offices_at_once() }}) as pairs
        on
            {{ at_once('posts', 'pairs') }}
            and posts.tenure_id > pairs.other_tenure_id
            {% if same_holder %}and pairs.is_same_holder{% endif %}
    where posts.is_in_office
{%- endmacro %}
