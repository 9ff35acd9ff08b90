-- What is said of the procedures of the affected persons who have studies: concept, source value, LOINC code.
-- when: study_row
CREATE OR REPLACE TEMP TABLE described_procedure AS
SELECT DISTINCT p.procedure_concept_id, p.procedure_source_value,
       nullif(coalesce(c.concept_name, s.concept_name), 'No matching concept') AS name,
       CASE WHEN c.vocabulary_id = 'LOINC' THEN c.concept_code WHEN s.vocabulary_id = 'LOINC' THEN s.concept_code END AS loinc_code
FROM omop.procedure_occurrence p
SEMI JOIN study_row USING (person_id)
LEFT JOIN omop.concept c ON c.concept_id = p.procedure_concept_id
LEFT JOIN omop.concept s ON s.concept_id = p.procedure_source_concept_id
