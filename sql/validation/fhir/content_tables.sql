-- What the parts of a delivery are checked with: fhir_life(target_resource, birth, death) of its patients, and
-- fhir_code_used, to which each part adds its codes (code.sql).
CREATE OR REPLACE TEMP MACRO fhir_is_date(d) AS regexp_matches(d, '^[0-9]{4}(-[0-9]{2}){0,2}(T.*)?$');
CREATE OR REPLACE TEMP MACRO fhir_before(a, b) AS
    CASE WHEN contains(a, 'T') AND contains(b, 'T') THEN TRY_CAST(a AS TIMESTAMPTZ) < TRY_CAST(b AS TIMESTAMPTZ)
         ELSE left(a, least(length(a), length(b), 10)) < left(b, least(length(a), length(b), 10)) END;

CREATE OR REPLACE TEMP TABLE fhir_life AS
SELECT resource AS target_resource, CASE WHEN fhir_is_date(birth) THEN birth END AS birth,
       TRY_CAST(left(death, 10) AS DATE) AS death
FROM (SELECT rowid AS resource, json->>'$.birthDate' AS birth, json->>'$.deceasedDateTime' AS death
      FROM fhir_resource WHERE problem IS NULL AND json IS NOT NULL AND resource_type = 'Patient');

CREATE OR REPLACE TEMP TABLE fhir_code_used (
    file_id INTEGER, path VARCHAR, system VARCHAR, code VARCHAR, place BIGINT, times HUGEINT
)
