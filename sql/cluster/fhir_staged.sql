-- The resources of one shard as they were staged, with the numbers that they have in the delivery as a whole (see sql/fhir/tables.sql).
CREATE OR REPLACE TABLE fhir_staging.resource AS
SELECT rowid, file_id, line, position, resource_type, id, full_url, method, json, problem FROM {rows} ORDER BY rowid;

CREATE OR REPLACE TEMP VIEW fhir_resource AS FROM fhir_staging.resource;

CREATE OR REPLACE TEMP TABLE fhir_named_binary AS
SELECT n.* FROM {binaries} n WHERE n.resource IN (SELECT rowid FROM fhir_staging.resource);

CREATE OR REPLACE TEMP TABLE fhir_foreign_resource AS
SELECT n.* FROM {other} n WHERE n.resource IN (SELECT rowid FROM fhir_staging.resource);

CREATE OR REPLACE TEMP TABLE fhir_holder AS
SELECT n.* FROM {holders} n WHERE n.resource IN (SELECT rowid FROM fhir_staging.resource);

CREATE OR REPLACE TEMP TABLE cluster_told AS
SELECT * EXCLUDE (shard) FROM {told} WHERE shard = {shard}
