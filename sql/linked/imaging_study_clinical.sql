-- One row an imaging study with the clinical side of its day: who, test status, conditions, labs within 48 hours, outcome.
--   Days from the study are those of OMOP's dates, positive after the study. Conditions, labs and days to admission, ICU and death use
--   the study's day moved by the project's imaging_date_offset_days; the tests' days do not, as the dictionary defines them.
CREATE VIEW linked.imaging_study_clinical AS
WITH study AS (
    SELECT t.*, t.clinical_date AS linked_date, l.person_tier, l.procedure_tier
    FROM linked.imaging_timeline t
    JOIN harmonize.image_link l USING (project_id, case_key, study_uid, person_id)
),
hub AS (
    SELECT project_id, case_key, coalesce(study_uid, submitter_id) AS study_uid, max(age_at_imaging) AS age_at_imaging,
           max(age_at_imaging_gt89) AS age_at_imaging_gt89,
           min({'code': loinc_code, 'name': loinc_long_common_name}) FILTER (loinc_code IS NOT NULL) AS loinc,
           -- of several records of a study one that states the days
           arg_min(days_from_study_to_pos_covid_test, coalesce(list_contains(computed, 'days_from_study_to_pos_covid_test'), false))
               AS days_from_study_to_pos_covid_test,
           arg_min(days_from_study_to_neg_covid_test, coalesce(list_contains(computed, 'days_from_study_to_neg_covid_test'), false))
               AS days_from_study_to_neg_covid_test
    FROM midrc.imaging_study
    GROUP BY ALL
),
test AS (
    SELECT s.project_id, s.case_key, s.study_uid,
           -- the nearest one; of equally near ones a positive one, then the earlier
           arg_min({'result': t.result, 'days': t.test_date - s.study_date},
                   (abs(t.test_date - s.study_date), t.result <> 'Positive', t.test_date)) FILTER (t.result <> 'Indeterminate') AS nearest
    FROM study s
    JOIN linked.covid_test t USING (person_id)
    GROUP BY ALL
),
condition AS (
    SELECT s.project_id, s.case_key, s.study_uid,
           list(DISTINCT coalesce(n.concept_name, c.condition_source_value)
                ORDER BY coalesce(n.concept_name, c.condition_source_value)) AS conditions
    FROM study s
    JOIN omop.condition_occurrence c ON c.person_id = s.person_id AND c.condition_start_date <= s.linked_date
    LEFT JOIN omop.concept n ON n.concept_id = nullif(c.condition_concept_id, 0)
    GROUP BY ALL
),
lab AS (
    SELECT s.project_id, s.case_key, s.study_uid,
           list({'name': coalesce(n.concept_name, m.measurement_source_value), 'value': m.value_as_number,
                 'unit': coalesce(u.concept_name, m.unit_source_value), 'days': m.measurement_date - s.linked_date}
                ORDER BY abs(m.measurement_date - s.linked_date), m.measurement_id) AS labs
    FROM study s
    JOIN omop.measurement m
      ON m.person_id = s.person_id AND m.value_as_number IS NOT NULL
     AND m.measurement_date BETWEEN s.linked_date - 2 AND s.linked_date + 2
    LEFT JOIN omop.concept n ON n.concept_id = nullif(m.measurement_concept_id, 0)
    LEFT JOIN omop.concept u ON u.concept_id = nullif(m.unit_concept_id, 0)
    GROUP BY ALL
),
icu AS (
    SELECT d.person_id, min(d.visit_detail_start_date) AS icu_date
    FROM omop.visit_detail d
    JOIN omop.concept c ON c.concept_id = d.visit_detail_concept_id AND c.vocabulary_id = 'Visit' AND c.concept_code = 'OMOP4822460'
    GROUP BY d.person_id
)
SELECT s.person_id, s.project_id, s.site_id, s.case_key, s.study_uid, s.procedure_occurrence_id, s.visit_occurrence_id,
       s.study_date, s.clinical_date, s.study_day, s.dates, s.modality, s.region, s.study_description,
       h.loinc.code AS loinc_code, h.loinc.name AS loinc_long_common_name, s.image_series_count,
       p.sex, p.race, p.ethnicity, floor(h.age_at_imaging)::INTEGER AS age_at_imaging, h.age_at_imaging_gt89, p.age_text,
       h.days_from_study_to_pos_covid_test, h.days_from_study_to_neg_covid_test,
       t.nearest.result AS nearest_test_result, t.nearest.days AS days_to_nearest_test,
       CASE WHEN abs(t.nearest.days) <= 14 THEN t.nearest.result ELSE 'Unknown' END AS test_status_at_imaging,
       c.conditions, b.labs,
       -s.days_from_admission AS days_to_admission, i.icu_date - s.linked_date AS days_to_icu,
       v.visit_end_date - s.linked_date AS days_to_discharge, p.death_date - s.linked_date AS days_to_death,
       i.icu_date IS NOT NULL AS was_in_icu, p.death_date IS NOT NULL AS died,
       s.tier AS visit_tier, s.person_tier, s.procedure_tier
FROM study s
JOIN linked.person_summary p USING (person_id)
LEFT JOIN hub h ON h.project_id = s.project_id AND h.case_key = s.case_key AND h.study_uid = s.study_uid
LEFT JOIN test t ON t.project_id = s.project_id AND t.case_key = s.case_key AND t.study_uid = s.study_uid
LEFT JOIN condition c ON c.project_id = s.project_id AND c.case_key = s.case_key AND c.study_uid = s.study_uid
LEFT JOIN lab b ON b.project_id = s.project_id AND b.case_key = s.case_key AND b.study_uid = s.study_uid
LEFT JOIN icu i ON i.person_id = s.person_id
LEFT JOIN omop.visit_occurrence v ON v.visit_occurrence_id = s.visit_occurrence_id;

COMMENT ON VIEW linked.imaging_study_clinical IS 'One row an imaging study with the clinical side of its day: who, test status, conditions, labs within 48 hours, outcome.';
COMMENT ON COLUMN linked.imaging_study_clinical.person_id IS 'The person in omop.person.';
COMMENT ON COLUMN linked.imaging_study_clinical.project_id IS 'The project.';
COMMENT ON COLUMN linked.imaging_study_clinical.site_id IS 'The site that sent the case, as the hub has it (midrc.case.site_id); NULL where it is not told.';
COMMENT ON COLUMN linked.imaging_study_clinical.case_key IS 'The person''s key in the project.';
COMMENT ON COLUMN linked.imaging_study_clinical.study_uid IS 'DICOM StudyInstanceUID.';
COMMENT ON COLUMN linked.imaging_study_clinical.procedure_occurrence_id IS 'The study in omop.procedure_occurrence.';
COMMENT ON COLUMN linked.imaging_study_clinical.visit_occurrence_id IS 'The visit that contains the study; NULL where none does.';
COMMENT ON COLUMN linked.imaging_study_clinical.study_date IS 'Day of the study as OMOP holds it.';
COMMENT ON COLUMN linked.imaging_study_clinical.clinical_date IS 'Day of the study among the clinical records: the stored day moved by the project''s imaging_date_offset_days.';
COMMENT ON COLUMN linked.imaging_study_clinical.study_day IS 'Days from the index event of the case to clinical_date; NULL where the project tells no index event.';
COMMENT ON COLUMN linked.imaging_study_clinical.dates IS 'Whose days these are: real (the calendar''s), shifted (moved by us for each person), offset (counted from an index event), shifted_by_source (moved before they were sent).';
COMMENT ON COLUMN linked.imaging_study_clinical.modality IS 'DICOM Modality.';
COMMENT ON COLUMN linked.imaging_study_clinical.region IS 'Region of the body.';
COMMENT ON COLUMN linked.imaging_study_clinical.study_description IS 'DICOM StudyDescription as sent.';
COMMENT ON COLUMN linked.imaging_study_clinical.loinc_code IS 'LOINC code of the study.';
COMMENT ON COLUMN linked.imaging_study_clinical.loinc_long_common_name IS 'Long common name of loinc_code.';
COMMENT ON COLUMN linked.imaging_study_clinical.image_series_count IS 'Series that hold pixels.';
COMMENT ON COLUMN linked.imaging_study_clinical.sex IS 'Sex of the person; NULL where unknown.';
COMMENT ON COLUMN linked.imaging_study_clinical.race IS 'Race of the person; NULL where unknown.';
COMMENT ON COLUMN linked.imaging_study_clinical.ethnicity IS 'Ethnicity of the person; NULL where unknown.';
COMMENT ON COLUMN linked.imaging_study_clinical.age_at_imaging IS 'Years at the study as its headers or record say; NULL over 89 (see age_at_imaging_gt89).';
COMMENT ON COLUMN linked.imaging_study_clinical.age_at_imaging_gt89 IS 'Yes: over 89 years old at the study, No: not.';
COMMENT ON COLUMN linked.imaging_study_clinical.age_text IS 'Age as linked.person_summary knows it.';
COMMENT ON COLUMN linked.imaging_study_clinical.days_from_study_to_pos_covid_test IS 'Days from the study to each positive COVID-19 test, distinct, the largest first; negative: the test came first (MIDRC dictionary). What a record states, else computed.';
COMMENT ON COLUMN linked.imaging_study_clinical.days_from_study_to_neg_covid_test IS 'The same of negative tests.';
COMMENT ON COLUMN linked.imaging_study_clinical.nearest_test_result IS 'Result of the test nearest to the study, whenever it was; of equally near ones a positive one, then the earlier.';
COMMENT ON COLUMN linked.imaging_study_clinical.days_to_nearest_test IS 'Days from the study to the nearest test; negative: the test came first.';
COMMENT ON COLUMN linked.imaging_study_clinical.test_status_at_imaging IS 'Result of the nearest test if it was within 14 days of the study, else Unknown.';
COMMENT ON COLUMN linked.imaging_study_clinical.conditions IS 'Names of the conditions recorded up to the study''s day.';
COMMENT ON COLUMN linked.imaging_study_clinical.labs IS 'Numeric measurements not over two days from the study, nearest first: name, value, unit, days.';
COMMENT ON COLUMN linked.imaging_study_clinical.days_to_admission IS 'Days from the study to the start of its visit, else of the person''s first visit; negative: admitted before.';
COMMENT ON COLUMN linked.imaging_study_clinical.days_to_icu IS 'Days from the study to the person''s first intensive care.';
COMMENT ON COLUMN linked.imaging_study_clinical.days_to_discharge IS 'Days from the study to the end of its visit.';
COMMENT ON COLUMN linked.imaging_study_clinical.days_to_death IS 'Days from the study to the person''s death; NULL: alive, or not known.';
COMMENT ON COLUMN linked.imaging_study_clinical.was_in_icu IS 'Whether the person was ever in intensive care.';
COMMENT ON COLUMN linked.imaging_study_clinical.died IS 'False: alive, or not known.';
COMMENT ON COLUMN linked.imaging_study_clinical.visit_tier IS 'How the visit was found (imaging_timeline.tier).';
COMMENT ON COLUMN linked.imaging_study_clinical.person_tier IS 'How the person was found: patient_id, study_uid, accession, crosswalk, images_only.';
COMMENT ON COLUMN linked.imaging_study_clinical.procedure_tier IS 'How the procedure was found: accession, procedure_code, procedure_day, ambiguous_procedure, new_procedure.';
