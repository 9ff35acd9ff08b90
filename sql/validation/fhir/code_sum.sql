-- Every code that is used, once.
CREATE OR REPLACE TEMP TABLE fhir_code AS
SELECT file_id, path, system, code, min(place) AS place, sum(times) AS times FROM fhir_code_used GROUP BY ALL
