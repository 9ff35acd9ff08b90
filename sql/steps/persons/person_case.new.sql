-- A person id for every affected case that has evidence and none yet: the id that the case had before, else the next.
-- after: person_case.gone
-- before: person_of_case, class.moved_case
INSERT INTO harmonize.person_case
WITH keyed AS (
    SELECT b.project_id, b.case_key, b.is_clinical, b.record_id,
           md5('person|' || b.project_id || '|' || b.case_key)::UUID AS row_key
    FROM person_best b
    ANTI JOIN harmonize.person_case USING (project_id, case_key)
    WHERE NOT (b.precision = 'unknown' AND b.unknown_age = 'quarantine')
)
SELECT k.project_id, k.case_key,
       coalesce(r.omop_id,
                (SELECT coalesce(max(omop_id), 0) FROM (
                    SELECT omop_id FROM harmonize.row_id WHERE omop_table = 'person'
                    UNION ALL SELECT omop_id FROM harmonize.row_id_retired WHERE omop_table = 'person'
                    UNION ALL SELECT person_id FROM harmonize.person_case))
                + row_number() OVER (PARTITION BY r.omop_id IS NULL ORDER BY k.record_id, k.case_key)),
       CASE WHEN k.is_clinical THEN 'clinical' ELSE 'imaging' END, k.project_id, k.case_key
FROM keyed k
LEFT JOIN harmonize.row_id_retired r ON r.omop_table = 'person' AND r.row_key = k.row_key
