{#- Each fact that may be known about a post, with the columns that hold it. -#}
{% macro post_facts() -%}
    {{ return({
        'is_repost': ['is_repost', 'reposted_post_id', 'is_own_repost'],
        'is_reply': ['is_reply', 'replied_to_account_id'],
        'is_quote': ['is_quote'],
        'language_code': ['language_code'],
        'client_name': ['client_name'],
        'kind_code': ['kind_code'],
        'hashtags': ['hashtags'],
        'mentioned_account_ids': ['mentioned_account_ids'],
        'link_domains': ['link_domains'],
    }) }}
{%- endmacro %}

{#- The counts that a post may have. -#}
{% macro post_counts() -%}
    {{ return([
        'reposts_received_count', 'likes_received_count', 'replies_received_count', 'quotes_received_count',
        'views_received_count',
    ]) }}
{%- endmacro %}

{#- Which facts and counts an observation of a post has, as a number with one bit for each. -#}
{% macro known_bits() -%}
    {%- for column in (post_facts() | list) + post_counts() -%}
        ({{ column }} is not null)::integer * {{ 2 ** loop.index0 }} {{- ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
