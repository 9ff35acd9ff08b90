-- What names cases: pairs with one that is not in the copy, shifts, withdrawals, headers of their images.
DELETE FROM harmonize.crosswalk
WHERE (project_id_1, case_key_1) NOT IN (SELECT (project_id, case_key) FROM harmonize.person_case)
   OR (project_id_2, case_key_2) NOT IN (SELECT (project_id, case_key) FROM harmonize.person_case);
DELETE FROM harmonize.shift_case
WHERE (project_id, case_key) NOT IN (SELECT (project_id, case_key) FROM harmonize.person_case);
DELETE FROM harmonize.withdrawn_case;
DELETE FROM harmonize.dicom_header;
DELETE FROM harmonize.image_privacy;
DELETE FROM harmonize.identity_token;
