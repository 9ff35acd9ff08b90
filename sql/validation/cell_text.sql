-- A text for a spreadsheet: an apostrophe before what one program or another takes for a formula (= + - @, their wide forms,
-- tab and line ends begin one; numbers are none).
CREATE OR REPLACE TEMP MACRO cell_text(x) AS
  CASE WHEN unicode(x) IN (61, 43, 45, 64, 9, 13, 10, 65309, 65291, 65293, 65312)
        AND NOT regexp_full_match(x, '[+-]?[0-9]+(\.[0-9]+)?')
       THEN chr(39) || x ELSE x END
