select
    offices.year,
    offices.office_code,
    offices.site_number,
    tenures.platform_code,
    tenures.account_id,
    tenures.tenure_id,
    tenures.start_at,
    tenures.end_at,
from {{ ref('int_mission_offices') }} as offices
inner join {{ ref('int_office_tenures') }} as tenures
    on offices.year = tenures.year and offices.office_code = tenures.office_code
