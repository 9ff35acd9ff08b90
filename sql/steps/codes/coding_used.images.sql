-- Those of images: modalities, parts of the body, LOINC codes of studies, readings and what they agree on.
-- when: imaging_series or imaging_study or annotation
INSERT INTO coding_used
SELECT DISTINCT coding
FROM (SELECT coding FROM modality_coding
      UNION ALL SELECT 'DICOM:' || upper(trim(coalesce(modality, data_category)))
                FROM midrc.imaging_series SEMI JOIN affected_case USING (project_id, case_key)
      UNION ALL SELECT coding FROM body_part_coding
      UNION ALL SELECT 'LOINC:' || loinc_code FROM midrc.imaging_study SEMI JOIN affected_case USING (project_id, case_key)
      UNION ALL SELECT unnest([coding, value_coding, type_hint, coding || '#consensus'])
                FROM midrc.annotation SEMI JOIN affected_case USING (project_id, case_key))
ANTI JOIN coding_used USING (coding)
WHERE coding IS NOT NULL
