-- Days by which a shifted project moves all dates of one case: 1 to 364, earlier or later, from the key (RULINGS on time). The key
-- stands in the variable shift_key, so that no statement and no error shows it.
CREATE OR REPLACE TEMP MACRO shift_days(project, case_key) AS
    (('0x' || left(sha256(getvariable('shift_key') || '|' || project || '|' || case_key), 8))::BIGINT % 364 + 1)::INTEGER
    * CASE WHEN substr(sha256(getvariable('shift_key') || '|' || project || '|' || case_key), 9, 1) < '8' THEN -1 ELSE 1 END
