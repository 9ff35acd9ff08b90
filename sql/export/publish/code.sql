-- The codes of the crosswalk by what they are of.
CREATE OR REPLACE TEMP TABLE publish_code AS
SELECT kind || chr(31) || project_id || chr(31) || key AS named, code FROM {codes}.code
