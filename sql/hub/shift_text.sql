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
