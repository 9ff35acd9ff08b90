-- The ids (fhir_id_form) that share no number with the id of a patient: what contributors call patients is their pseudonym, be it
-- the record number that they were given for research, and what belongs to a patient is often named after it.
CREATE OR REPLACE TEMP VIEW fhir_id_number AS
WITH number_of AS (
    SELECT id, unnest(list_concat(identity_numbers(value), identity_codes(value))) AS number FROM fhir_id_form
),
of_patient AS (
    SELECT number FROM number_of SEMI JOIN (FROM fhir_resource WHERE resource_type = 'Patient') AS p USING (id)
)
FROM fhir_id_form
WHERE id NOT IN (SELECT id FROM number_of SEMI JOIN of_patient USING (number))
