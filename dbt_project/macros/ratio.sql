{#- Exact numerator / denominator of two non-negative integers as decimal(38, 9), rounded half-even; null for n/0.
    DuckDB's own division gives a double, whose sums differ from run to run. -#}
{% macro ratio(numerator, denominator) -%}
    cast(
        case
            when ({{ denominator }}) > 0 then (
                ({{ numerator }})::hugeint * 1000000000 // ({{ denominator }})
                + case
                    when
                        2 * (({{ numerator }})::hugeint * 1000000000 % ({{ denominator }}))
                        + (({{ numerator }})::hugeint * 1000000000 // ({{ denominator }})) % 2
                        > ({{ denominator }})
                        then 1
                    else 0
                end
            )
        end as decimal(29, 0)
    ) * 0.000000001::decimal(9, 9)
{%- endmacro %}

{#- Exact change since an earlier value: current / previous - 1. It is null if either is unknown or previous is 0. -#}
{% macro growth(current, previous) -%}
    {{ ratio(current, previous) }} - 1
{%- endmacro %}
