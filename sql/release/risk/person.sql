-- What is known of each person of a published file that others may know, too ({columns}), and what they would like to know. The CDM
-- is in {cdm}.
CREATE OR REPLACE TEMP TABLE risk_person AS
SELECT p.person_id, {columns},
       (d.person_id IS NOT NULL)::VARCHAR AS death, coalesce(g.diagnosis, '') AS diagnosis
FROM {cdm}.person p
LEFT JOIN {cdm}.concept sex ON sex.concept_id = nullif(p.gender_concept_id, 0)
LEFT JOIN {cdm}.concept race ON race.concept_id = nullif(p.race_concept_id, 0)
LEFT JOIN {cdm}.concept ethnicity ON ethnicity.concept_id = nullif(p.ethnicity_concept_id, 0)
LEFT JOIN {cdm}.location l ON l.location_id = p.location_id
LEFT JOIN (SELECT DISTINCT person_id FROM {cdm}.death) d ON d.person_id = p.person_id
LEFT JOIN (SELECT person_id, string_agg(DISTINCT project_id, ', ' ORDER BY project_id) AS projects
           FROM harmonize.person_case GROUP BY person_id) c ON c.person_id = p.person_id
LEFT JOIN (SELECT person_id, min(observation_period_start_date) AS first_day FROM {cdm}.observation_period GROUP BY person_id) o
    ON o.person_id = p.person_id
LEFT JOIN (SELECT person_id, count(DISTINCT study_uid) AS studies FROM harmonize.image_link GROUP BY person_id) i
    ON i.person_id = p.person_id
LEFT JOIN (SELECT person_id, string_agg(DISTINCT condition_concept_id::VARCHAR, ' ' ORDER BY condition_concept_id::VARCHAR) AS diagnosis
           FROM {cdm}.condition_occurrence GROUP BY person_id) g ON g.person_id = p.person_id
