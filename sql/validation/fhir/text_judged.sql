-- The elements of the texts by number, and each text once an element.
CREATE OR REPLACE TEMP TABLE fhir_text_element AS
SELECT element, row_number() OVER (ORDER BY element)::INTEGER AS column_id
FROM (SELECT DISTINCT element FROM fhir_text_part);

CREATE OR REPLACE TEMP TABLE fhir_text AS
SELECT DISTINCT e.column_id, p.value FROM fhir_text_part p JOIN fhir_text_element e USING (element) WHERE p.value IS NOT NULL
