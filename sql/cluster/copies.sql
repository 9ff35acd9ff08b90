-- How the incoming records that another shard counts ended, and their elements, put aside.
CREATE OR REPLACE TEMP TABLE cluster_copy AS
SELECT * FROM record_end WHERE record_id - {base} IN (SELECT rowid FROM {shared});

CREATE OR REPLACE TEMP TABLE cluster_copy_shape AS
SELECT * FROM fhir_shape WHERE resource IN (SELECT rowid FROM {shared});

DELETE FROM record_end WHERE record_id IN (SELECT record_id FROM cluster_copy);

DELETE FROM fhir_shape WHERE resource IN (SELECT resource FROM cluster_copy_shape)
