-- Visits. Gen3 knows hospital stays: another kind of visit has no property there, so only an inpatient one (as OMOP has it)
-- gives the days that a source states as its own start and end.
WITH inpatient AS (
    SELECT DISTINCT s.record_id
    FROM harmonize.row_source s
    JOIN omop.visit_occurrence v ON s.omop_table = 'visit_occurrence' AND v.visit_occurrence_id = s.omop_id
    JOIN omop.concept c ON c.concept_id = v.visit_concept_id AND c.vocabulary_id = 'Visit' AND c.concept_code IN ('IP', 'ERIP')
)
SELECT 'visit' AS node, v.* REPLACE (
           CASE WHEN i.record_id IS NOT NULL AND v.days_to_icu_admission IS NULL
                THEN coalesce(v.days_to_hospital_admission, v.start_day)
                ELSE v.days_to_hospital_admission END AS days_to_hospital_admission,
           CASE WHEN i.record_id IS NOT NULL AND v.days_to_icu_discharge IS NULL
                THEN coalesce(v.days_to_hospital_discharge, v.end_day) ELSE v.days_to_hospital_discharge END AS days_to_hospital_discharge,
           coalesce(v.discharge_type, v.discharge_disposition) AS discharge_type)
FROM midrc.visit v
LEFT JOIN inpatient i USING (record_id)
