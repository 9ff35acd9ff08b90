-- The numbers of the rules of headers.
CREATE OR REPLACE TEMP TABLE dicom_rule AS
SELECT unnest($1) AS rule, unnest($2) AS rule_id
