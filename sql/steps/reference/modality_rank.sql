-- The place of a series' modality in the list of main_modality; 99 where it is none of it.
-- on demand
CREATE OR REPLACE TEMP MACRO modality_rank(modality) AS
    coalesce(list_position(['PT', 'NM', 'MR', 'CT', 'MG', 'XA', 'RF', 'US', 'DX', 'CR', 'OT'], upper(modality)), 99)
