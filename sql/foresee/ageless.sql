-- Cases of which nothing tells the age are no persons where the project keeps such ones out.
INSERT INTO ageless_case SELECT DISTINCT case_key FROM known_person ANTI JOIN ({aged}) USING (case_key);
DELETE FROM known_person WHERE case_key IN (FROM ageless_case)
