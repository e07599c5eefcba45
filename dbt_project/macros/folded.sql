{#- A hashtag as it is compared: Peace and PEACE are one. -#}
{% macro folded(tag) -%} nfc_normalize(lower({{ tag }})) {%- endmacro %}
