-- Persons and the cases that they are, with their sites: in a published file, where a person's source value is its case.
CREATE OR REPLACE TEMP TABLE quality_case AS
SELECT p.person_id, h.project_id, h.case_key
FROM omop.person p JOIN midrc."case" h ON h.case_key = p.person_source_value
