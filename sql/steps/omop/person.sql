-- person: one row a person, from what all its cases say (person_known). A year that is not a birth year leaves month and
--   day NULL; the evidence is in harmonize.person_age. A source concept is the one of the source's own code; a standard concept
--   that the mapping chose itself, of more than one race too, is none.
-- rows: omop.person
SELECT p.person_id, p.record_id, p.mapping_id, p.support,
       coalesce(g.target_concept_id, 0) AS gender_concept_id,
       coalesce(p.age.year, 1900) AS year_of_birth,  -- 1900: the sentinel of a person without any evidence of age
       CASE p.age.precision WHEN 'birth_date' THEN month(p.age.birth_date) WHEN 'birth_year' THEN p.age.birth_month END
           AS month_of_birth,
       CASE p.age.precision WHEN 'birth_date' THEN day(p.age.birth_date) END AS day_of_birth,
       -- midnight, where the day is one of the calendar (THEMIS): no time of birth is known
       CASE WHEN p.age.precision = 'birth_date' AND p.age.time_policy = 'as_is' THEN p.age.birth_date::TIMESTAMP END AS birth_datetime,
       coalesce(r.target_concept_id, 0) AS race_concept_id,
       coalesce(e.target_concept_id, 0) AS ethnicity_concept_id,
       l.location_id, v.provider_id, c.care_site_id,
       source_value(p.case_key, NULL) AS person_source_value,
       source_value(p.gender.text, NULL) AS gender_source_value,
       CASE WHEN g.source_concept_id <> g.target_concept_id THEN g.source_concept_id ELSE 0 END AS gender_source_concept_id,
       source_value(p.race.text, NULL) AS race_source_value,
       CASE WHEN r.source_concept_id <> r.target_concept_id THEN r.source_concept_id ELSE 0 END AS race_source_concept_id,
       source_value(p.ethnicity.text, NULL) AS ethnicity_source_value,
       CASE WHEN e.source_concept_id <> e.target_concept_id THEN e.source_concept_id ELSE 0 END AS ethnicity_source_concept_id
FROM person_known p
LEFT JOIN coding_target g ON g.coding = p.gender.coding AND g.target_rank = 1
LEFT JOIN coding_target r ON r.coding = p.race.coding AND r.target_rank = 1
LEFT JOIN coding_target e ON e.coding = p.ethnicity.coding AND e.target_rank = 1
LEFT JOIN omop.location l
  ON l.location_source_value
   = source_value(concat_ws('|', coalesce(p.location.zip, ''), coalesce(p.location.state, ''), coalesce(p.location.country, '')),
                  NULL)
LEFT JOIN provider_row v ON v.project_id = p.provider.project_id AND v.provider_key = p.provider.key
LEFT JOIN care_site_row c ON c.project_id = p.care_site.project_id AND c.care_site_key = p.care_site.key
