-- One column of them, with what names somebody masked.
INSERT INTO late_record
SELECT DISTINCT h.record_id
FROM {relation} h
SEMI JOIN touched_case USING (project_id, case_key)
JOIN privacy_mask m ON m.column_id = {number} AND m.value = h."{column}" AND m.shown IS DISTINCT FROM m.value
WHERE h.record_id < (SELECT min(record_id) FROM incoming);

UPDATE {relation} SET "{column}" = m.shown
FROM privacy_mask m
WHERE m.column_id = {number} AND m.value = {relation}."{column}" AND m.shown IS DISTINCT FROM m.value
  AND {relation}.record_id < (SELECT min(record_id) FROM incoming)
  AND ({relation}.project_id, {relation}.case_key) IN (SELECT (project_id, case_key) FROM touched_case)
