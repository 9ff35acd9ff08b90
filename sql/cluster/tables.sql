-- What the catalog of a dataset decides and keeps beside the tables of a store: which shard a patient is in, and which records
-- every shard has because they are about no patient.
CREATE SCHEMA IF NOT EXISTS cluster;
CREATE TABLE IF NOT EXISTS cluster.place (project_id VARCHAR NOT NULL, patient VARCHAR NOT NULL, shard INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS cluster.shared_record (record_id BIGINT NOT NULL, file_id INTEGER NOT NULL, line BIGINT);
CREATE TABLE IF NOT EXISTS cluster.registry (kind VARCHAR NOT NULL, key VARCHAR NOT NULL, number BIGINT NOT NULL)
