-- The records of all shards, each once.
CREATE OR REPLACE TEMP VIEW cluster_record AS {records}
