-- The ids of resources and those that references name, each once in the forms in which a rule may know it: as it is, the
-- number behind letters, its words in capitals, and with a comma between. Most ids cannot be more than an id.
CREATE OR REPLACE TEMP TABLE fhir_id AS
SELECT DISTINCT id
FROM (SELECT id FROM fhir_resource WHERE id IS NOT NULL
      UNION ALL
      SELECT regexp_extract(full_url, '([^/:]+)$', 1) FROM fhir_resource WHERE id IS NULL AND full_url IS NOT NULL
      UNION ALL
      SELECT regexp_extract(target, '([^/#:?=|&]+)(?:/_history/[^/]*)?$', 1) FROM fhir_target
      UNION ALL
      SELECT target[2:] FROM fhir_link WHERE starts_with(target, '#')
      UNION ALL
      SELECT id FROM fhir_contained)
WHERE NOT regexp_full_match(id, '[0-9A-Fa-f-]{20,64}|[A-Za-z]{0,12}[.-]?[0-9]{0,4}')
  -- words, and a hash that letters and digits take turns in (vs-6dad08831f14): its digits are no number of anybody
  AND NOT (regexp_full_match(id, '([a-z][a-z0-9]{0,11}-){1,3}[0-9a-f]{12,40}')
           AND regexp_matches(regexp_extract(id, '[0-9a-f]+$'), '[0-9][a-f]+[0-9]+[a-f]|[a-f][0-9]+[a-f]+[0-9]'));

CREATE OR REPLACE TEMP TABLE fhir_id_form AS
SELECT 1 AS column_id, id, id AS value FROM fhir_id
UNION ALL
SELECT 2, id, regexp_replace(id, '^[A-Za-z_.-]+', '') FROM fhir_id
UNION ALL
SELECT 3, id, upper(regexp_replace(regexp_replace(id, '([a-z])([A-Z])', '\1 \2', 'g'), '[_.+-]+', ' ', 'g')) FROM fhir_id
UNION ALL
SELECT 4, id, upper(regexp_replace(id, '[_.+-]+', ', ', 'g')) FROM fhir_id
