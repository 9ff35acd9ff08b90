-- One row a study of an affected case: its day, modality, region, and its visit.
--   Modality of a mixed study: the first of PT NM MR CT MG XA RF US DX CR OT. Region: BodyPartExamined, else the words of
--   StudyDescription. Visit: that of the encounter which the study's record names (stated), else the one that contains the day
--   (moved by the project's imaging_date_offset_days, which is used for linking only); of several, the inpatient one, then the
--   shorter, and the tier says ambiguous.
--   LOINC code: of an unspecified region (confidence below 0.6) it says less than modality and region, and is not taken.
--   A study with a record of its own is that record's, and its series support it; it may have none.
-- when: imaging_series or imaging_study or annotation
CREATE OR REPLACE TEMP TABLE study_of_case AS
WITH series AS (
    SELECT s.* REPLACE (coalesce(s.modality, s.data_category) AS modality), a.person_id, a.imaging_date_offset_days,
           omop_date(a.time_policy, a.anchor, a.image_anchor, a.day_shift, s.study_day, coalesce(s.study_date, s.series_date))
               AS study_date_,
           omop_date(a.time_policy, a.anchor, a.image_anchor, a.day_shift, s.study_day, coalesce(s.series_date, s.study_date))
               AS series_date_,
           modality_rank(coalesce(s.modality, s.data_category)) AS modality_rank
    FROM midrc.imaging_series s
    JOIN affected_case a USING (project_id, case_key)
    WHERE a.person_id IS NOT NULL
),
named AS (
    SELECT s.project_id, s.case_key, a.person_id, coalesce(s.study_uid, s.submitter_id) AS study_uid,
           any_value(a.imaging_date_offset_days) AS imaging_date_offset_days,
           min(s.record_id) AS record_id, arg_min(s.mapping_id, s.record_id) AS mapping_id,
           list(DISTINCT s.record_id ORDER BY s.record_id) AS support,
           min(omop_date(a.time_policy, a.anchor, a.image_anchor, a.day_shift, floor(s.days_to_study)::INTEGER, s.study_date))
               AS study_date,
           arg_min(main_modality(s.study_modality), s.record_id) AS modality,
           arg_min(s.study_description, s.record_id) AS study_description,
           arg_min(CASE WHEN len(s.body_part_examined) = 1 THEN s.body_part_examined[1] END, s.record_id) AS body_part
    FROM midrc.imaging_study s
    JOIN affected_case a USING (project_id, case_key)
    WHERE s.mapping_id <> 0 AND a.person_id IS NOT NULL
    GROUP BY ALL
),
imaged AS (
    SELECT s.project_id, s.case_key, s.person_id, s.study_uid, any_value(s.imaging_date_offset_days) AS imaging_date_offset_days,
           min(s.record_id) AS record_id, arg_min(s.mapping_id, s.record_id) AS mapping_id,
           list(DISTINCT s.record_id ORDER BY s.record_id) FILTER (s.series_date_ IS NOT NULL) AS support,
           min(s.study_date_) AS study_date,
           arg_min(s.modality, (s.modality_rank, s.record_id)) AS modality,
           arg_min(s.study_description, s.record_id) AS study_description,
           arg_min(s.body_part_examined, s.record_id) FILTER (s.body_part_examined IS NOT NULL) AS body_part_examined,
           count(*) AS series_count
    FROM series s
    GROUP BY s.project_id, s.case_key, s.person_id, s.study_uid
),
study AS (
    SELECT project_id, case_key, person_id, study_uid,
           coalesce(i.imaging_date_offset_days, n.imaging_date_offset_days) AS imaging_date_offset_days,
           coalesce(n.record_id, i.record_id) AS record_id, coalesce(n.mapping_id, i.mapping_id) AS mapping_id,
           list_distinct(list_concat(coalesce(n.support, []), coalesce(i.support, []))) AS support,
           coalesce(i.study_date, n.study_date) AS study_date,
           coalesce(i.modality, n.modality) AS modality,
           coalesce(i.study_description, n.study_description) AS study_description,
           coalesce(i.body_part_examined, n.body_part) AS body_part_examined,
           n.body_part AS record_body_part,
           coalesce(i.series_count, 0) AS series_count, n.record_id IS NOT NULL AS has_record
    FROM imaged i
    FULL JOIN named n USING (project_id, case_key, person_id, study_uid)
),
described AS (
    SELECT s.*, h.loinc_code,
           coalesce(
               (SELECT min_by(b.region, b.line) FROM body_part_coding b WHERE b.kind = 'BodyPartExamined'
                  AND b.text = upper(trim(s.body_part_examined))),
               (SELECT min_by(b.region, b.line) FROM body_part_coding b WHERE b.kind = 'StudyDescription'
                  AND regexp_matches(replace(upper(s.study_description), '_', ' '), '\b' || b.text || '\b'))) AS region
    FROM study s
    LEFT JOIN (SELECT project_id, case_key, coalesce(study_uid, submitter_id) AS study_uid,
                      max(loinc_code) FILTER (coalesce(loinc_confidence, 1) >= 0.6) AS loinc_code
               FROM midrc.imaging_study GROUP BY ALL) h USING (project_id, case_key, study_uid)
),
hit AS (
    SELECT s.project_id, s.case_key, s.study_uid, v.visit_occurrence_id, v.visit_start_date,
           count(*) OVER w_all AS hits,
           row_number() OVER (PARTITION BY s.project_id, s.case_key, s.study_uid
               ORDER BY coalesce(k.is_inpatient, false) DESC, v.visit_end_date - v.visit_start_date, v.visit_occurrence_id) AS rank
    FROM study s
    JOIN omop.visit_occurrence v
      ON v.person_id = s.person_id
     AND s.study_date + s.imaging_date_offset_days BETWEEN v.visit_start_date AND v.visit_end_date
    LEFT JOIN (SELECT DISTINCT target_concept_id, true AS is_inpatient FROM coding_target
               WHERE coding IN ('Visit:IP', 'Visit:ERIP') AND target_concept_id <> 0) k
      ON k.target_concept_id = v.visit_concept_id
    WINDOW w_all AS (PARTITION BY s.project_id, s.case_key, s.study_uid)
),
-- the encounter that the study's record names, or of which the named one is a part
stated AS (
    SELECT s.project_id, s.case_key, coalesce(s.study_uid, s.submitter_id) AS study_uid,
           arg_min(v.visit_occurrence_id, s.record_id) AS visit_occurrence_id, arg_min(v.visit_start, s.record_id) AS visit_start_date
    FROM midrc.imaging_study s
    LEFT JOIN (SELECT project_id, case_key, visit_detail_key, min(visit_key) AS visit_key
               FROM midrc.visit_detail SEMI JOIN affected_case USING (project_id, case_key) GROUP BY ALL) d
      ON d.project_id = s.project_id AND d.case_key = s.case_key AND d.visit_detail_key = s.visit_key
    LEFT JOIN visit_part p
      ON p.project_id = s.project_id AND p.case_key = s.case_key AND p.part_key = s.visit_key
    JOIN visit_row v
      ON v.project_id = s.project_id AND v.case_key = s.case_key AND v.visit_key = coalesce(p.visit_key, d.visit_key, s.visit_key)
    WHERE s.mapping_id <> 0
    GROUP BY ALL
),
first_visit AS (
    SELECT person_id, min(visit_start_date) AS visit_start_date
    FROM omop.visit_occurrence SEMI JOIN affected_case USING (person_id)
    GROUP BY person_id
)
SELECT s.*,
       coalesce(e.visit_occurrence_id, h.visit_occurrence_id) AS visit_occurrence_id,
       CASE WHEN e.visit_occurrence_id IS NOT NULL THEN 'stated'
            WHEN h.hits > 1 THEN 'ambiguous'
            WHEN h.hits = 1 AND s.imaging_date_offset_days <> 0 THEN 'contained_offset'
            WHEN h.hits = 1 THEN 'contained'
            WHEN f.person_id IS NOT NULL THEN 'no_visit_that_day'
            ELSE 'no_visit' END AS tier,
       s.study_date + s.imaging_date_offset_days - coalesce(e.visit_start_date, h.visit_start_date, f.visit_start_date)
           AS days_from_admission
FROM described s
LEFT JOIN hit h ON h.project_id = s.project_id AND h.case_key = s.case_key AND h.study_uid = s.study_uid AND h.rank = 1
LEFT JOIN stated e ON e.project_id = s.project_id AND e.case_key = s.case_key AND e.study_uid = s.study_uid
LEFT JOIN first_visit f ON f.person_id = s.person_id
WHERE s.study_date IS NOT NULL
