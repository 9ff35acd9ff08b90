-- The drugs of RxNorm and RxNorm Extension of which CONCEPT_ANCESTOR names no ingredient. Where a whole vocabulary is loaded there is none,
--   and its relationships are not read.
-- when: drug_used
-- before: drug_ingredient.related
CREATE OR REPLACE TEMP TABLE drug_in_doubt AS
SELECT concept_id
FROM drug_used
ANTI JOIN drug_ingredient USING (concept_id)
SEMI JOIN (FROM omop.concept WHERE vocabulary_id IN ('RxNorm', 'RxNorm Extension')) USING (concept_id)
