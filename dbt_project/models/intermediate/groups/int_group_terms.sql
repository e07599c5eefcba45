{{ config(materialized='view') }}

select
    groups.group_type_code,
    groups.group_code,
    figures.*,
from {{ ref('int_tenure_groups') }} as groups
inner join {{ ref('int_tenure_figures') }} as figures using (year, tenure_id)
