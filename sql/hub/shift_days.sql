-- Days by which a shifted project moves all dates of one case: 1 to 364, earlier or later, from the key (RULINGS on time). The key
-- stands in the variable shift_key, so that no statement and no error shows it; shift_cases has the cases that are moved as another
-- one, which stands for them (harmonize.shift_case).
CREATE OR REPLACE TEMP MACRO shift_hash(project, case_key) AS
    sha256(getvariable('shift_key') || '|' || project || '|' || coalesce(getvariable('shift_cases')[case_key], case_key));
CREATE OR REPLACE TEMP MACRO shift_days(project, case_key) AS
    (('0x' || left(shift_hash(project, case_key), 8))::BIGINT % 364 + 1)::INTEGER
    * CASE WHEN substr(shift_hash(project, case_key), 9, 1) < '8' THEN -1 ELSE 1 END;
-- A text that is a date or time and nothing else (2020-03-04, 2020-03-04T08:00:00Z), or two with a slash between them (a Period),
-- moved; what is a month, or cannot be moved, is masked as privacy masks dates.
CREATE OR REPLACE TEMP MACRO shift_date_text(t, days) AS
    CASE WHEN regexp_full_match(t, '[0-9]{4}') THEN t
         ELSE coalesce(strftime(TRY_CAST(regexp_extract(t, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') AS DATE) + days::INTEGER, '%Y-%m-%d')
                       || substr(t, 11), '[date]') END;
CREATE OR REPLACE TEMP MACRO shift_text(t, days) AS
    CASE WHEN regexp_full_match(t, '(?:/?[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:[T ][0-9:.Z+-]+)?)?)?){1,2}') AND contains(t, '-')
         THEN array_to_string(list_transform(string_split(t, '/'), lambda p: shift_date_text(p, days)), '/')
         ELSE t END
