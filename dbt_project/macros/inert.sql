{#- Observed text as it may stand in a file of a release: U+FFFD for each control character and each one that turns the
    order of reading, and for a first character by which a spreadsheet takes a cell for a formula. -#}
{% macro inert(text) -%}
    regexp_replace(
        {{ text }},
        '^[=+@-]|[\p{Cc}\p{Zl}\p{Zp}\x{202A}-\x{202E}\x{02066}-\x{02069}\x{FFFE}\x{FFFF}]',
        chr(65533),
        'g'
    )
{%- endmacro %}
