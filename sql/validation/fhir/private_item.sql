-- Answers of questionnaires whose item asks for what identifies people: by the code of the item in a Questionnaire of the delivery,
-- or by a LOINC code in the linkId ($codes, $holds), as LOINC's forms and others' write it. The item is not loaded, with all in it.
-- {holds} is of a coding c what it asks for.
CREATE OR REPLACE TEMP TABLE fhir_private_item AS
WITH item AS (
    SELECT q.url, j.fullkey AS path, json_extract_string(j.value, '$.linkId') AS link_id,
           unnest(from_json(j.value, '{{"code": [{{"system": "VARCHAR", "code": "VARCHAR"}}]}}').code) AS c
    FROM (SELECT coalesce(json->>'$.url', 'Questionnaire/' || id) AS url, json FROM fhir_resource
          WHERE problem IS NULL AND json IS NOT NULL AND resource_type = 'Questionnaire') q, json_tree(q.json) j
    WHERE j.type = 'OBJECT' AND regexp_matches(j.fullkey, 'item\[[0-9]+\]$')
)
SELECT url, link_id, any_value({holds}) AS holds FROM item WHERE {holds} IS NOT NULL GROUP BY ALL;

INSERT INTO fhir_found
WITH item AS (
    SELECT r.file_id, fhir_place(r.line, r.position) AS place, split_part(r.json->>'$.questionnaire', '|', 1) AS url,
           j.fullkey AS path, json_extract_string(j.value, '$.linkId') AS link_id
    FROM fhir_resource r, json_tree(r.json) j
    WHERE r.problem IS NULL AND r.json IS NOT NULL AND r.resource_type = 'QuestionnaireResponse'
      AND j.type = 'OBJECT' AND regexp_matches(j.fullkey, 'item\[[0-9]+\]$')
), told AS (
    SELECT i.file_id, i.place, i.path,
           coalesce(p.holds, list_filter(list_transform(regexp_extract_all(i.link_id, '[0-9]{{1,7}}-[0-9]'),
                                                        lambda code: $holds[list_position($codes, code)]),
                                         lambda said: said IS NOT NULL)[1]) AS holds
    FROM item i LEFT JOIN fhir_private_item p ON p.link_id = i.link_id AND (p.url = i.url OR ends_with(i.url, '/' || p.url))
)
SELECT DISTINCT 'phi_coded', file_id, place, 'QuestionnaireResponse' || path[2:], holds, NULL, NULL FROM told WHERE holds IS NOT NULL
