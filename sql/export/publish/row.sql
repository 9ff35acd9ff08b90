-- The project that an OMOP row belongs to, where its keys or UIDs need one, and the key that its source value was made from:
-- a source value longer than 50 characters is cut.
CREATE OR REPLACE TEMP TABLE publish_row AS
WITH told AS (
    SELECT s.omop_table::VARCHAR AS omop_table, s.omop_id, min(b.project_id) AS project_id
    FROM harmonize.row_source s
    JOIN harmonize.record r USING (record_id)
    JOIN harmonize.submission b USING (submission_id)
    WHERE s.role = 'primary'
      AND s.omop_table IN ('provider', 'care_site', 'device_exposure', 'image_occurrence', 'specimen', 'payer_plan_period')
    GROUP BY ALL
),
key AS (
    SELECT 'provider' AS omop_table, project_id, provider_key AS key FROM midrc.provider
    UNION SELECT 'provider', project_id, reader_key FROM midrc.annotation
    UNION SELECT 'care_site', project_id, care_site_key FROM midrc.organization
    UNION SELECT 'care_site', project_id, care_site_key FROM midrc."case"
),
named AS (
    SELECT 'provider' AS omop_table, provider_id AS omop_id, provider_source_value AS source_value FROM omop.provider
    UNION ALL SELECT 'care_site', care_site_id, care_site_source_value FROM omop.care_site
)
SELECT t.omop_table, t.omop_id, t.project_id, coalesce(min(k.key), any_value(n.source_value)) AS key
FROM told t
LEFT JOIN named n USING (omop_table, omop_id)
LEFT JOIN key k ON k.omop_table = t.omop_table AND k.project_id = t.project_id AND source_value(k.key, NULL) = n.source_value
GROUP BY ALL
UNION ALL
SELECT 'person', p.person_id, coalesce(min(c.project_id) FILTER (c.is_named), min(c.project_id)),
       coalesce(arg_min(c.case_key, c.project_id) FILTER (c.is_named), any_value(p.person_source_value))
FROM omop.person p
LEFT JOIN (SELECT c.*, source_value(c.case_key, NULL) = p.person_source_value AS is_named
           FROM harmonize.person_case c JOIN omop.person p USING (person_id)) c USING (person_id)
GROUP BY p.person_id
