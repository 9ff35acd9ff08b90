-- The visits of the affected cases, by their keys.
-- when: visit_kept
CREATE OR REPLACE TEMP TABLE visit_row AS
SELECT project_id, case_key, visit_key, visit_occurrence_id, visit_start_date AS visit_start, visit_end_date AS visit_end,
       -- 9201 Inpatient Visit, 262 Emergency Room and Inpatient Visit
       visit_concept_id IN (9201, 262) AS is_inpatient
FROM visit_kept
