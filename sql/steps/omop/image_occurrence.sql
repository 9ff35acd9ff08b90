-- image_occurrence: one row a DICOM series, derived objects included; is_image and is_derived of midrc.imaging_series
--   steer the views. Date: SeriesDate, else StudyDate; of a source without dates the day of its study.
--   A series that is told several times (repeated_series) is one.
-- rows: omop.image_occurrence
-- when: study_row
SELECT s.row_key, s.record_id, s.mapping_id,
       a.person_id, p.procedure_occurrence_id, r.visit_occurrence_id,
       b.target_concept_id AS anatomic_site_concept_id,
       NULL AS wadors_uri, s.uri AS local_path,
       omop_date(a.time_policy, a.anchor, a.image_anchor, a.day_shift, s.study_day, coalesce(s.series_date, s.study_date))
           AS image_occurrence_date,
       s.study_uid AS image_study_uid, s.series_uid AS image_series_uid,
       -- a standard concept, else the modality's own: an image never loses its modality
       coalesce(nullif(m.target_concept_id, 0), nullif(d.target_concept_id, 0), d.source_concept_id, 0) AS modality_concept_id,
       CASE WHEN s.series_date IS NULL THEN [{'column_name': 'image_occurrence_date', 'rule': 'study_date'}] ELSE [] END AS imputed
FROM midrc.imaging_series s
JOIN affected_case a USING (project_id, case_key)
JOIN study_of_case r USING (project_id, case_key, study_uid)
ANTI JOIN (
    SELECT t.row_key FROM (SELECT row_key, unnest(told) AS t FROM repeated_series) WHERE t.row_key <> row_key
) o ON o.row_key = s.row_key
JOIN imaging_procedure_row p ON p.project_id = s.project_id AND p.study_uid = s.study_uid AND p.person_id = a.person_id
LEFT JOIN modality_coding mc ON mc.modality = upper(trim(coalesce(s.modality, s.data_category)))
LEFT JOIN coding_target m ON m.coding = mc.coding AND m.target_rank = 1
LEFT JOIN coding_target d ON d.coding = 'DICOM:' || upper(trim(coalesce(s.modality, s.data_category))) AND d.target_rank = 1
LEFT JOIN (SELECT text, min(coding) AS coding FROM body_part_coding WHERE kind = 'BodyPartExamined' GROUP BY text) bc
  ON bc.text = upper(trim(coalesce(s.body_part_examined, r.record_body_part)))
LEFT JOIN coding_target b ON b.coding = bc.coding AND b.target_rank = 1
WHERE omop_date(a.time_policy, a.anchor, a.image_anchor, a.day_shift, s.study_day, coalesce(s.series_date, s.study_date)) IS NOT NULL
