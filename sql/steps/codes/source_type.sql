-- The type concept that a row has when nothing else is said: by the source that its mapping was loaded for.
CREATE OR REPLACE TEMP TABLE source_type AS
SELECT m.mapping_id, max(c.target_concept_id) AS type_concept_id
FROM harmonize.mapping m
JOIN (SELECT DISTINCT mapping, mapping_version, source FROM harmonize.submission) s
  ON s.mapping = m.name AND s.mapping_version = m.version
JOIN source_type_code k ON k.source = s.source
JOIN coding_target c ON c.coding = k.type_concept
GROUP BY m.mapping_id
