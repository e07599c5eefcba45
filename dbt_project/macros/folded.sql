{#- The form in which hashtags are compared. Peace and PEACE are equal, and so are the two forms of a small Greek s. -#}
{% macro folded(tag) -%} nfc_normalize(replace(lower({{ tag }}), 'ς', 'σ')) {%- endmacro %}
