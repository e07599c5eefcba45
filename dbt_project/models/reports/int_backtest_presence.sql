with

figures as (
    select * from {{ ref('int_backtest_figures') }} where comparison_code = 'presence'
),

observations as (
    select * from {{ ref('stg_by_hand__presence') }}
),

countries as ({{ roster_at_cut('stg_roster__countries') }}),

groups as ({{ roster_at_cut('stg_roster__country_groups') }}),

-- The states that a figure counts: all of them, or the members of its groups on its day.
states as (
    select distinct
        figures.figure_id,
        countries.country_code,
    from figures
    cross join countries
    left join groups
        on
            countries.country_code = groups.country_code
            and figures.group_type_code = groups.group_type_code
            and list_contains(string_split(figures.scope_group_codes, ' '), groups.group_code)
            and coalesce(groups.start_date <= figures.as_of_date, true)
            and coalesce(groups.end_date >= figures.as_of_date, true)
    where figures.group_type_code is null or groups.country_code is not null
),

-- The latest search whose days include the figure's day.
looks as (
    select
        figures.figure_id,
        observations.source_id,
        observations.country_code,
        observations.platform_code,
        observations.account_type_code,
        coalesce((observations.first_active_month || '-01')::date <= figures.as_of_date, false) as is_active,
    from figures
    inner join observations
        on
            figures.as_of_date between observations.looked_from_date and observations.looked_until_date
            and list_contains(string_split(figures.platform_codes, ' '), observations.platform_code)
            and coalesce(figures.account_type_code = observations.account_type_code, true)
    qualify
        row_number() over (
            partition by figures.figure_id, observations.source_id, observations.subject
            order by observations.observed_at desc, observations.ledger_position desc, observations.event_id desc
        ) = 1
),

-- What was searched for: a personal account is one of the state's leader, an institutional one of one institution.
kinds as (
    select
        figure_id,
        country_code,
        platform_code,
        list(case account_type_code when 'personal' then 'leader' else 'institution' end) as looked_for_codes,
    from looks
    group by figure_id, country_code, platform_code
),

-- States and platforms on which every type of account that the printed figure counts was searched for.
scopes as (
    select
        figures.figure_id,
        count_if(list_has_all(kinds.looked_for_codes, string_split(figures.counted_codes, ' '))) as looked_for_count,
    from figures
    inner join states on figures.figure_id = states.figure_id
    inner join kinds on states.figure_id = kinds.figure_id and states.country_code = kinds.country_code
    group by figures.figure_id
),

answers as (
    select
        states.figure_id,
        states.country_code,
        coalesce(bool_or(looks.is_active), false) as is_present,
        count(distinct row(looks.platform_code, looks.account_type_code))
        filter (looks.platform_code is not null) as looks_count,
        string_agg(distinct looks.source_id, ' ' order by looks.source_id) as source_id,
    from states
    left join looks on states.figure_id = looks.figure_id and states.country_code = looks.country_code
    group by states.figure_id, states.country_code
),

sums as (
    select
        figures.figure_id,
        figures.own_measure_code,
        figures.as_of_date,
        figures.platform_codes,
        figures.scope_states_count,
        count(*) as states_count,
        count_if(answers.is_present) as present_count,
        -- A state is known to be absent only if both kinds of account were searched for on every platform.
        count_if(
            answers.is_present
            or answers.looks_count
            = len(string_split(figures.platform_codes, ' '))
            * (case when figures.account_type_code is null then 2 else 1 end)
        ) as known_count,
        max(answers.source_id) as source_id,
    from figures
    inner join answers on figures.figure_id = answers.figure_id
    group by all
)

select
    sums.figure_id,
    'presence' as comparison_code,
    case sums.own_measure_code
        when 'states_count' then sums.present_count::decimal(38, 9)
        when 'absent_count' then (sums.known_count - sums.present_count)::decimal(38, 9)
        when 'states_percent' then {{ ratio('(100 * sums.present_count)', 'sums.known_count') }}
    end as own_value,
    sums.known_count::bigint as own_n,
    sums.as_of_date as own_as_of,
    sums.source_id as own_source_id,
    false as is_same_source,
    -- The scope is the same if both count the same number of states, and all that the figure counts was searched for.
    coalesce(
        sums.states_count != sums.scope_states_count
        or scopes.looked_for_count != sums.states_count * len(string_split(sums.platform_codes, ' ')),
        true
    ) as is_other_scope,
from sums
left join scopes on sums.figure_id = scopes.figure_id
where sums.known_count > 0
