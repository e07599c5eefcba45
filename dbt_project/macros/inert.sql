{#- Observed text in a form that is safe in the files of a release. U+FFFD replaces each control character, each
    character that changes the direction of writing, and a first character that makes a spreadsheet take the cell for a
    formula. -#}
{% macro inert(text) -%}
    regexp_replace(
        {{ text }},
        '^[=+@-]|[\p{Cc}\p{Zl}\p{Zp}\x{202A}-\x{202E}\x{02066}-\x{02069}\x{FFFE}\x{FFFF}]',
        chr(65533),
        'g'
    )
{%- endmacro %}
