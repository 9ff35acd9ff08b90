-- Days by which a shifted project moves all dates of one case: 1 to 364, earlier or later, from the key (RULINGS on time). The key
-- stands in the variable shift_key, so that no statement and no error shows it; shift_cases has the cases that are moved as another
-- one, which stands for them (harmonize.shift_case).
CREATE OR REPLACE TEMP MACRO shift_hash(project, case_key) AS
    sha256(getvariable('shift_key') || '|' || project || '|' || coalesce(getvariable('shift_cases')[case_key], case_key));
CREATE OR REPLACE TEMP MACRO shift_days(project, case_key) AS
    (('0x' || left(shift_hash(project, case_key), 8))::BIGINT % 364 + 1)::INTEGER
    * CASE WHEN substr(shift_hash(project, case_key), 9, 1) < '8' THEN -1 ELSE 1 END
