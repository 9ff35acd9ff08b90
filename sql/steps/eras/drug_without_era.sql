-- Drug exposures that are in no drug era: their drug has no concept, or nothing names its ingredient. A load counts them.
-- when: drug_kept
CREATE OR REPLACE TEMP TABLE drug_without_era AS
SELECT drug_exposure_id, concept_id FROM drug_kept ANTI JOIN drug_ingredient USING (concept_id)
