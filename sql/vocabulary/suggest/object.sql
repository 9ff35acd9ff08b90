-- The codings that suggestions are about.
CREATE OR REPLACE TEMP TABLE suggest_object AS
SELECT object AS coding
FROM suggest_site
UNION SELECT 'UCUM:' || value
FROM suggest_term
WHERE domain = 'Unit'
