-- Of the rows without a fault the first of each submitter_id.
CREATE OR REPLACE TEMP TABLE gen3_valid AS
FROM gen3_checked
WHERE loss IS NULL
QUALIFY row_number() OVER (PARTITION BY submitter_id ORDER BY record_id, mapping_id) = 1
