-- The affected cases' links between images and visits are made anew.
DELETE FROM harmonize.image_link USING affected_case a
WHERE image_link.project_id = a.project_id AND image_link.case_key = a.case_key
