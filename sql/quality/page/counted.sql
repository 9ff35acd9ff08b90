-- Persons, visits, studies and series; of a site, or of all.
SELECT (SELECT count(*) FROM omop.person p LEFT JOIN quality_site s USING (person_id) WHERE $site IS NULL OR s.site = $site) AS persons,
       (SELECT count(*) FROM omop.visit_occurrence v LEFT JOIN quality_site s USING (person_id)
        WHERE $site IS NULL OR s.site = $site) AS visits,
       (SELECT count(DISTINCT i.image_study_uid) FROM omop.image_occurrence i LEFT JOIN quality_site s USING (person_id)
        WHERE $site IS NULL OR s.site = $site) AS studies
