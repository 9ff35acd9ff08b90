-- No finding of the submission quotes a text in which privacy found something: neither its own cell nor another one, whatever
-- the line, the file and the rule. {submission} is put in.
CREATE OR REPLACE TEMP TABLE private_said AS
SELECT said FROM (
    SELECT DISTINCT f.value AS said FROM harmonize.finding f JOIN harmonize.rule r USING (rule_id)
    WHERE f.submission_id = {submission} AND r.rule <> 'phi_note'
    UNION
    SELECT expected FROM harmonize.expectation WHERE file_id IN (SELECT file_id FROM private_text)
    UNION
    SELECT unnest(choices) FROM harmonize.expectation WHERE file_id IN (SELECT file_id FROM private_text)
    UNION
    SELECT header FROM harmonize.file_column WHERE file_id IN (SELECT file_id FROM private_text)
)
WHERE quotes_private(said);

UPDATE harmonize.finding SET value = '***'
WHERE submission_id = {submission} AND value IN (SELECT said FROM private_said)
  AND rule_id NOT IN (SELECT rule_id FROM harmonize.rule WHERE rule = 'phi_note');

UPDATE harmonize.expectation
SET expected = CASE WHEN list_contains(p.said, expected) THEN '***' ELSE expected END,
    choices = list_filter(choices, lambda choice: NOT list_contains(p.said, choice))
FROM (SELECT coalesce(list(said), []) AS said FROM private_said) p
WHERE file_id IN (SELECT file_id FROM private_text) AND (list_contains(p.said, expected) OR list_has_any(choices, p.said));

UPDATE harmonize.file_column SET header = '***' || column_id
WHERE file_id IN (SELECT file_id FROM private_text) AND header IN (SELECT said FROM private_said)
