with

terms as (
    select * from {{ ref('int_terms') }}
),

tenures as (
    select * from {{ ref('int_tenures') }}
)

-- The join is by holder and not by office, because a tenure names only one of the offices that its holder has at once.
select
    tenures.year,
    terms.office_code,
    tenures.platform_code,
    tenures.account_id,
    tenures.tenure_id,
    greatest(tenures.tenure_start_at, terms.first_at) as start_at,
    least(tenures.tenure_end_at, terms.until_at) as end_at,
from terms
inner join tenures on terms.holder_id = tenures.holder_id
where start_at < end_at
