-- An encounter that is part of one that is not known, or of another patient's, stands alone.
UPDATE {table} SET part_of = NULL
WHERE part_of IS NOT NULL AND coalesce((split_part(part_of, '/', 2), split_part(patient, '/', 2)) NOT IN (
    {delivered}
    UNION SELECT visit_key, case_key FROM midrc.visit WHERE project_id = {project} AND visit_key IS NOT NULL
    UNION SELECT visit_detail_key, case_key FROM midrc.visit_detail WHERE project_id = {project} AND visit_detail_key IS NOT NULL
), true)  -- NULL: the other one names no patient
