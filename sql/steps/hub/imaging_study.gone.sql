-- Rows of the affected cases that no record names itself are made anew.
DELETE FROM midrc.imaging_study AS h USING affected_case a
WHERE h.project_id = a.project_id AND h.case_key = a.case_key AND h.mapping_id = 0
