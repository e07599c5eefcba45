select
    editions.year,
    rules.*,
    figures.value as printed_value,
    figures.as_of_date,
    case figures.as_of_precision_code
        when 'year' then make_date(year(figures.as_of_date), 12, 31)
        when 'month' then last_day(figures.as_of_date)
        else figures.as_of_date
    end as as_of_until_date,
    figures.as_of_precision_code = 'year' as is_year_only,
    figures.source_url,
from {{ ref('backtest_rules') }} as rules
inner join {{ ref('published_figures') }} as figures on rules.figure_id = figures.figure_id
inner join {{ ref('int_editions') }} as editions on figures.edition_year = editions.year
