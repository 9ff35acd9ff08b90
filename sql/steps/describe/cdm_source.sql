-- cdm_source: exactly one row for the store, as long as it holds a loaded submission.
-- after: cdm_source.gone
INSERT INTO omop.cdm_source BY NAME
SELECT 'MIDRC harmonized clinical and imaging data' AS cdm_source_name,
       'MIDRC' AS cdm_source_abbreviation,
       'MIDRC' AS cdm_holder,
       'Projects: ' || string_agg(DISTINCT project_id, ', ' ORDER BY project_id) AS source_description,
       'midrc-harmonize ' || arg_max(software_version, submission_id) AS cdm_etl_reference,
       max(coalesce(data_pull, loaded_at::DATE)) AS source_release_date,
       max(loaded_at)::DATE AS cdm_release_date,
       'v5.4' AS cdm_version,
       coalesce((SELECT max(concept_id) FROM omop.concept
                 WHERE vocabulary_id = 'CDM' AND concept_code = 'CDM v5.4.0'), 0) AS cdm_version_concept_id,
       left(coalesce((SELECT max(vocabulary_version) FROM omop.vocabulary WHERE vocabulary_id = 'None'), 'unknown'), 20)
           AS vocabulary_version
FROM harmonize.submission s
WHERE s.state = 'loaded' AND EXISTS (FROM harmonize.record r WHERE r.submission_id = s.submission_id AND r.is_current)
HAVING count(*) > 0
