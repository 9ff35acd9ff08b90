-- The procedure of the study that a report describes. Of several the first.
-- when: aimed_link
UPDATE omop.note SET note_event_id = d.procedure_occurrence_id, note_event_field_concept_id = event_field('procedure_occurrence')
FROM (
    SELECT n.omop_id AS note_id, min(f.omop_id) AS procedure_occurrence_id
    FROM aimed_link l
    JOIN harmonize.row_source n ON n.record_id = l.record_id AND n.omop_table = 'note'
    JOIN harmonize.row_source s ON s.record_id = l.target_record AND s.omop_table = 'procedure_occurrence'
    JOIN fact f ON f.omop_table = s.omop_table AND f.omop_id = s.omop_id AND f.person_id = l.person_id
    WHERE l.relation = 'describes'
    GROUP BY n.omop_id
) d
WHERE d.note_id = note.note_id
