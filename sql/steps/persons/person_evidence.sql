-- What is known of each affected case: clinical rows (the latest wins; of several ages the lowest, which is the one
--   nearest to day 0), sex and age at the earliest study (DICOM headers, else the study's own record), first day.
-- again: moved_case
-- before: person_of_case
CREATE OR REPLACE TEMP TABLE person_evidence AS
WITH clinical AS (
    SELECT project_id, case_key, min(record_id) AS record_id, arg_min(mapping_id, record_id) AS mapping_id,
           list(record_id ORDER BY record_id) AS records,
           -- a code and its text, or the parts of a place, are those of one record; what has a code beats what has none
           arg_min({'coding': gender_coding, 'text': sex_source}, (gender_coding IS NULL, sex_source IS NULL, -record_id)) AS sex,
           arg_min({'coding': race_coding, 'text': race_source}, (race_coding IS NULL, race_source IS NULL, -record_id)) AS race,
           arg_min({'coding': ethnicity_coding, 'text': ethnicity_source},
                   (ethnicity_coding IS NULL, ethnicity_source IS NULL, -record_id)) AS ethnicity,
           arg_max(birth_date, record_id) AS birth_date,
           arg_max({'year': birth_year, 'month': birth_month}, record_id) FILTER (birth_year IS NOT NULL) AS birth,
           min(coalesce(age_at_index, age_value)) AS age,
           bool_or(age_at_index_gt89 = 'Yes') AS gt89,
           arg_max(age_low, record_id) AS age_low, arg_max(age_high, record_id) AS age_high,
           arg_min(age_text, (coalesce(age_at_index, age_value), -record_id)) FILTER (age_text IS NOT NULL)
               AS age_text,
           arg_max({'zip': zip, 'state': residence_state, 'country': country_of_residence}, record_id)
               FILTER (coalesce(zip, residence_state, country_of_residence) IS NOT NULL) AS place,
           arg_max(care_site_key, record_id) AS care_site_key, arg_max(provider_key, record_id) AS provider_key
    FROM midrc."case" SEMI JOIN affected_case USING (project_id, case_key)
    WHERE mapping_id <> 0
    GROUP BY project_id, case_key
),
image AS (
    SELECT s.project_id, s.case_key, s.record_id, s.mapping_id, s.patient_sex, dicom_age(s.patient_age) AS age,
           omop_date(a.time_policy, a.anchor, a.image_anchor, a.day_shift, s.study_day, coalesce(s.study_date, s.series_date)) AS day
    FROM midrc.imaging_series s JOIN affected_case a USING (project_id, case_key)
),
dicom AS (
    SELECT project_id, case_key, min(record_id) AS record_id, arg_min(mapping_id, record_id) AS mapping_id,
           list(record_id ORDER BY record_id) AS records,
           arg_min(patient_sex, (day, record_id)) AS patient_sex,
           arg_min(age, (day, record_id)) FILTER (age IS NOT NULL) AS age, min(day) FILTER (age IS NOT NULL) AS age_date,
           min(day) AS first_study_date
    FROM image
    GROUP BY project_id, case_key
),
-- studies that a record of the contributor names, with or without their series
study AS (
    SELECT s.project_id, s.case_key, s.record_id,
           coalesce(dicom_age(s.patient_age), floor(s.age_at_imaging)::INTEGER, CASE WHEN s.age_at_imaging_gt89 = 'Yes' THEN 90 END) AS age,
           omop_date(a.time_policy, a.anchor, a.image_anchor, a.day_shift, floor(s.days_to_study)::INTEGER, s.study_date) AS day
    FROM midrc.imaging_study s JOIN affected_case a USING (project_id, case_key)
    WHERE s.mapping_id <> 0
),
named_study AS (
    SELECT project_id, case_key, arg_min(age, (day, record_id)) FILTER (age IS NOT NULL) AS age,
           min(day) FILTER (age IS NOT NULL) AS age_date, min(day) AS first_study_date
    FROM study
    GROUP BY project_id, case_key
),
first_visit AS (
    SELECT project_id, case_key,
           min(omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, coalesce(v.start_day, v.days_to_hospital_admission),
                         coalesce(v.start_date, v.start_datetime::DATE))) AS date
    FROM midrc.visit v JOIN affected_case a USING (project_id, case_key)
    GROUP BY project_id, case_key
)
SELECT a.project_id, a.case_key, a.unknown_age,
       coalesce(c.record_id, d.record_id) AS record_id, coalesce(c.mapping_id, d.mapping_id) AS mapping_id,
       list_concat(coalesce(c.records, []), coalesce(d.records, [])) AS records,
       a.time_policy, c.record_id IS NOT NULL AS is_clinical, d.record_id IS NOT NULL AS has_images,
       c.* EXCLUDE (project_id, case_key, record_id, mapping_id, records, sex, race, ethnicity, birth, place)
           REPLACE (CASE WHEN a.time_policy = 'offset' THEN birth_date ELSE birth_date + a.day_shift END AS birth_date),
       c.sex.coding AS gender_coding, c.sex.text AS sex_source, c.race.coding AS race_coding, c.race.text AS race_source,
       c.ethnicity.coding AS ethnicity_coding, c.ethnicity.text AS ethnicity_source,
       c.birth.year AS birth_year, c.birth.month AS birth_month,
       c.place.zip AS zip, c.place.state AS state, c.place.country AS country,
       d.record_id AS image_record_id, d.patient_sex, coalesce(d.age, n.age) AS dicom_age,
       coalesce(CASE WHEN d.age IS NULL THEN n.age_date ELSE d.age_date END, d.first_study_date, n.first_study_date) AS dicom_age_date,
       coalesce(d.first_study_date, n.first_study_date) AS first_study_date,
       v.date AS first_visit_date,
       -- the day at which a clinical age holds: day 0 of an offset project, else the first visit or study, else the first of all
       CASE WHEN a.time_policy = 'offset' THEN a.anchor + a.day_shift
            ELSE coalesce(v.date, d.first_study_date, n.first_study_date, f.date) END AS reference_date
FROM affected_case a
LEFT JOIN clinical c USING (project_id, case_key)
LEFT JOIN dicom d USING (project_id, case_key)
LEFT JOIN first_visit v USING (project_id, case_key)
LEFT JOIN first_event f USING (project_id, case_key)
LEFT JOIN named_study n USING (project_id, case_key)
WHERE c.record_id IS NOT NULL OR d.record_id IS NOT NULL
