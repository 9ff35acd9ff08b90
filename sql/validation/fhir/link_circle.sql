-- Patients that replace each other in a circle (Patient.link replaced-by, replaces), by what their references mean in the delivery.
INSERT INTO fhir_found
WITH RECURSIVE told AS (
    SELECT rowid AS resource, fhir_scope(file_id, line, position, full_url) AS scope,
           unnest(from_json(json, '{"link": [{"type": "VARCHAR", "other": {"reference": "VARCHAR"}}]}').link) AS link
    FROM fhir_resource
    WHERE problem IS NULL AND resource_type = 'Patient' AND json IS NOT NULL AND contains(json, '"link"')
),
meant AS (
    SELECT fhir_own_id(p.id, p.full_url) AS own, fhir_own_id(o.id, o.full_url) AS other, t.link.type AS type
    FROM told t
    JOIN fhir_target g ON g.scope = t.scope AND g.target = t.link.other.reference
    JOIN fhir_resource o ON o.rowid = g.target_resource AND o.resource_type = 'Patient'
    JOIN fhir_resource p ON p.rowid = t.resource
    WHERE t.link.type IN ('replaced-by', 'replaces')
),
link AS (
    SELECT DISTINCT CASE type WHEN 'replaced-by' THEN own ELSE other END AS id,
           CASE type WHEN 'replaced-by' THEN other ELSE own END AS standing
    FROM meant WHERE own <> other
),
up AS (
    FROM link
    UNION
    SELECT u.id, l.standing FROM up u JOIN link l ON l.id = u.standing
)
SELECT 'fhir_link_circle', r.file_id, fhir_place(r.line, r.position), 'Patient.link', 'Patient/' || u.id, NULL, NULL
FROM up u
JOIN fhir_resource r ON r.resource_type = 'Patient' AND r.problem IS NULL AND fhir_own_id(r.id, r.full_url) = u.id
WHERE u.id = u.standing
