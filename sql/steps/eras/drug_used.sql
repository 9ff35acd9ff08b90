-- The drugs that the affected persons have been exposed to: drug_used, whose ingredients are looked up.
-- when: drug_kept
CREATE OR REPLACE TEMP TABLE drug_used AS SELECT DISTINCT concept_id FROM drug_kept WHERE concept_id <> 0
