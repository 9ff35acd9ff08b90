-- Units that nothing names yet.
CREATE OR REPLACE TEMP TABLE unit_said AS
SELECT '' AS coding LIMIT 0
