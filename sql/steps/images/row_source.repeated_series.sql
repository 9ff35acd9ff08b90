-- The other tellings of a series support its image_occurrence.
-- when: study_row
INSERT INTO harmonize.row_source
SELECT DISTINCT 'image_occurrence', image_occurrence_id, t.record_id, t.mapping_id, 'support'::harmonize.role
FROM (
    SELECT o.image_occurrence_id, p.row_key, unnest(p.told) AS t
    FROM repeated_series p
    JOIN omop.image_occurrence o
      ON o.person_id = p.person_id AND o.image_study_uid = p.study_uid AND o.image_series_uid = p.series_uid
    JOIN harmonize.row_id i ON i.omop_table = 'image_occurrence' AND i.omop_id = o.image_occurrence_id AND i.row_key = p.row_key
)
WHERE t.row_key <> row_key
