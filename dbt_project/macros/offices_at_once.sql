{#- Where an account is in two offices at once, as pairs of `tenures`: there a post has several rows of int_posts, one
    for each. Elsewhere, and that is nearly everywhere, it has one, and needs no grouping. -#}
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

{#- A post falls into one of the pairs. -#}
{% macro at_once(posts, pairs) -%}
    {{ posts }}.tenure_id = {{ pairs }}.tenure_id
    and {{ posts }}.posted_at >= {{ pairs }}.start_at
    and {{ posts }}.posted_at < {{ pairs }}.end_at
{%- endmacro %}

{#- The posts in office, each once: of several offices at once the row of the first one stays. -#}
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
