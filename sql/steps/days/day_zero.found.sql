-- Day 0 by the images' dates of the affected cases whose fit is taken: a unique one, and where the project says so that of a single
--   pair; none where its dates were found to be moved study by study.
-- when: matching
-- after: day_zero.gone
INSERT INTO harmonize.day_zero BY NAME
SELECT project_id, case_key, b.day_zero
FROM best_fit b
JOIN harmonize.day_match d USING (project_id, case_key)
JOIN matching m USING (project_id)
WHERE d.tier IN ('unique', 'study_uid') AND m.match_days <> 'refused' OR d.tier = 'single_pair' AND m.match_days = 'single_pairs'
