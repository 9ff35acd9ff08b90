-- Cases.
SELECT 'case' AS node, * FROM midrc."case"
