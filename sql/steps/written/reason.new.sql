-- Reasons that records have now and that had no number yet.
INSERT INTO harmonize.reason
SELECT (SELECT coalesce(max(reason_id), 0) FROM harmonize.reason) + row_number() OVER (ORDER BY reason), reason
FROM (SELECT reason FROM incoming WHERE reason IS NOT NULL UNION SELECT reason FROM derived_state WHERE reason IS NOT NULL)
ANTI JOIN harmonize.reason USING (reason)
