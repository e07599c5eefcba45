with

figures as (
    select
        *,
        case as_of_precision_code
            when 'year' then make_date(year(as_of_date), 12, 31)
            when 'month' then last_day(as_of_date)
            else as_of_date
        end as as_of_until_date,
        strip_accents(lower(ltrim(printed_subject_name, '@'))) as subject_key,
    from {{ ref('published_figures') }}
),

rules as (
    select distinct figure_id from {{ ref('backtest_rules') }}
),

editions as (
    select year from {{ ref('int_editions') }}
),

-- Accounts by the names that a study may use for them: a handle, or the name of a holder.
named as (
    select
        account_id,
        handle_key as subject_key,
    from {{ ref('int_handles') }}
    union
    select
        account_id,
        strip_accents(lower(holder_name)) as subject_key,
    from {{ ref('tenures_yearly') }}
),

candidates as (
    select distinct
        figures.figure_id,
        named.account_id,
        figures.as_of_date,
        figures.as_of_until_date,
    from figures
    inner join named
        on
            figures.subject_key = named.subject_key
            and figures.platform_code = split_part(named.account_id, ':', 1)
),

counts as (
    select
        candidates.figure_id,
        bool_or(stocks.audience_count is not null) as is_audience_known,
        bool_or(stocks.following_count is not null) as is_following_known,
        bool_or(stocks.listed_count is not null) as is_listed_known,
        bool_or(stocks.lifetime_posts_count is not null) as is_lifetime_known,
    from candidates
    inner join {{ ref('int_stocks') }} as stocks on candidates.account_id = stocks.account_id
    where
        stocks.class_code = 'observed'
        and stocks.observed_from_date - candidates.as_of_until_date <= 31
        and candidates.as_of_date - stocks.observed_until_date <= 31
    group by candidates.figure_id
),

timelines as (
    select distinct candidates.figure_id
    from candidates
    inner join {{ ref('int_collected_spans') }} as spans on candidates.account_id = spans.account_id
    where
        coalesce(spans.span_start_at::date <= candidates.as_of_until_date, true)
        and spans.span_end_at::date >= candidates.as_of_date - 365
),

looks as (
    select distinct figures.figure_id
    from figures
    inner join {{ ref('stg_by_hand__presence') }} as observations
        on
            figures.platform_code = observations.platform_code
            and figures.as_of_date between observations.looked_from_date and observations.looked_until_date
),

followers as (
    select distinct year from {{ ref('int_follows') }}
),

missions as (
    select distinct year from {{ ref('missions_yearly') }}
),

known as (
    select
        figures.figure_id,
        metrics.need_code,
        rules.figure_id is not null as is_ruled,
        editions.year is not null as is_in_panel,
        candidates.figure_id is not null as is_in_register,
        looks.figure_id is not null as is_looked_for,
        timelines.figure_id is not null as is_collected,
        followers.year is not null as is_followed,
        missions.year is not null as is_missions_known,
        figures.printed_subject_name = 'all' or metrics.need_code = 'list' as is_of_list,
        contains(figures.printed_subject_name, ' + ')
        or figures.printed_subject_name = 'two channels'
        or contains(figures.printed_scope, ' accounts summed') as is_sum,
        coalesce(
            case metrics.need_code
                when 'audience' then counts.is_audience_known
                when 'following' then counts.is_following_known
                when 'listed' then counts.is_listed_known
                when 'lifetime_posts' then counts.is_lifetime_known
            end,
            false
        ) as is_counted,
    from figures
    left join {{ ref('backtest_metrics') }} as metrics on figures.printed_metric_name = metrics.printed_metric_name
    left join rules on figures.figure_id = rules.figure_id
    left join editions on figures.edition_year = editions.year
    left join (select distinct figure_id from candidates) as candidates on figures.figure_id = candidates.figure_id
    left join counts on figures.figure_id = counts.figure_id
    left join timelines on figures.figure_id = timelines.figure_id
    left join looks on figures.figure_id = looks.figure_id
    left join followers on figures.edition_year = followers.year
    left join missions on figures.edition_year = missions.year
)

-- The first reason that applies: first what is true of the figure itself, then what is missing here.
select
    figure_id,
    case
        when not is_in_panel then 'edition_not_in_panel'
        when is_ruled then 'not_observed_then'
        when need_code = 'no_measure' then 'no_measure'
        when need_code = 'never' then 'never_observed'
        when need_code = 'follows' and not is_followed then 'follows_not_observed'
        when need_code = 'missions' and not is_missions_known then 'missions_not_observed'
        when need_code = 'presence' and not is_looked_for then 'not_observed_then'
        when need_code in ('presence', 'missions') then 'list_not_known'
        when is_sum then 'accounts_summed'
        when is_of_list then 'list_not_known'
        when not is_in_register then 'account_not_in_register'
        when need_code = 'growth' then 'not_observed_then'
        when need_code = 'posts' then case when is_collected then 'window_not_known' else 'not_observed_then' end
        when is_counted or need_code = 'follows' then 'rule_missing'
        else 'not_observed_then'
    end as difference_code,
from known
