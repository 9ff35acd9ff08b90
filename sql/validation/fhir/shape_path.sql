-- The elements of each shape.
CREATE OR REPLACE TEMP TABLE fhir_shape_path AS
SELECT shape, unnest(paths) AS path, unnest(elements) AS element
FROM (SELECT unnest($1) AS shape, unnest($2::VARCHAR[][]) AS paths, unnest($3::VARCHAR[][]) AS elements)
