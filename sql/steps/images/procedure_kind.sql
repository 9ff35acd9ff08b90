-- Family and large regions of each procedure of the persons who have studies, of those that name a modality.
-- when: study_row
-- by: procedure_kind
-- reads: described_procedure
CREATE OR REPLACE TEMP TABLE procedure_kind (
    procedure_concept_id INTEGER, procedure_source_value VARCHAR, family VARCHAR, regions VARCHAR[]
)
