-- Of the findings with one key as many as the baseline knows, the first ones first.
CREATE OR REPLACE TEMP TABLE baseline_muted AS
SELECT number, severity
FROM (SELECT *, row_number() OVER (PARTITION BY key ORDER BY line, number) AS nth FROM baseline_finding)
JOIN baseline_known USING (key)
WHERE nth <= count
