-- Parts of visits by their keys. Of two parts of a case with one key, events name the first.
-- when: visit_detail
CREATE OR REPLACE TEMP TABLE visit_detail_row AS
SELECT project_id, case_key, visit_detail_key, min(visit_detail_id) AS visit_detail_id
FROM visit_detail_kept
WHERE visit_detail_key IS NOT NULL
GROUP BY ALL
