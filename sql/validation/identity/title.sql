-- Names of files, worksheets and headers ($names) as they are written and spelt otherwise ($texts).
CREATE OR REPLACE TEMP TABLE title_text AS
SELECT 1 AS column_id, unnest($names::VARCHAR[]) AS name, unnest($texts::VARCHAR[]) AS value
