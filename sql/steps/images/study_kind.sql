-- Family and large regions of each distinct description of study_row, where a procedure of procedure_kind may be one of them.
-- when: procedure_kind
-- by: study_kind
-- reads: study_row, procedure_kind
CREATE OR REPLACE TEMP TABLE study_kind (modality VARCHAR, description VARCHAR, body_part VARCHAR, family VARCHAR, regions VARCHAR[])
