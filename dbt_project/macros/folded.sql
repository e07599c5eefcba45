{#- A hashtag as it is compared: Peace and PEACE are one, and so is a Greek one, whose last s has a form of its own. -#}
{% macro folded(tag) -%} nfc_normalize(replace(lower({{ tag }}), 'ς', 'σ')) {%- endmacro %}
