-- The codings of each CodeableConcept of codings_used, one a row, as a CURIE of its OMOP vocabulary. A code system that OMOP
-- does not have stands for itself, its colons as %3A. A concept without codings has one row, with its text alone; an empty text
-- is no code and no word (FHIR R4, datatypes: strings are never empty).
-- when: codings_used
CREATE OR REPLACE TEMP TABLE coding_candidate AS
WITH parsed AS (
    SELECT codings, from_json(codings, '{"coding": [{"system": "VARCHAR", "code": "VARCHAR", "display": "VARCHAR",
                                        "userSelected": "VARCHAR"}], "text": "VARCHAR"}') AS concept
    FROM (SELECT DISTINCT codings FROM codings_used)
),
listed AS (
    SELECT codings, concept.text AS text, unnest(CASE WHEN len(concept.coding) > 0 THEN concept.coding ELSE [NULL] END) AS one,
           generate_subscripts(CASE WHEN len(concept.coding) > 0 THEN concept.coding ELSE [NULL] END, 1) AS position
    FROM parsed
)
SELECT l.codings, l.position,
       coalesce(s.vocabulary_id, replace(coalesce(l.one.system, ''), ':', '%3A')) || ':' || nullif(trim(l.one.code), '') AS coding,
       coalesce(nullif(trim(l.text), ''), nullif(trim(l.one.display), '')) AS text,
       coalesce(l.one.userSelected = 'true', false) AS user_selected
FROM listed l
LEFT JOIN code_system s ON s.system = rtrim(l.one.system, '/')
