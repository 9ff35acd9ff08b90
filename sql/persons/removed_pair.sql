-- Pairs of the file that the store holds, to be taken back.
CREATE OR REPLACE TEMP TABLE changed_pair AS
FROM harmonize.crosswalk SEMI JOIN stated_pair USING (project_id_1, case_key_1, project_id_2, case_key_2)
