-- The modality by which a study of several is known: the first of this list that it has, else its own first.
-- on demand
CREATE OR REPLACE TEMP MACRO main_modality(modalities) AS
    coalesce(
        list_filter(['PT', 'NM', 'MR', 'CT', 'MG', 'XA', 'RF', 'US', 'DX', 'CR', 'OT'], lambda m: list_contains(modalities, m))[1],
        modalities[1])
