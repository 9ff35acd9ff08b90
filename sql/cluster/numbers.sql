-- The numbers of this store and those of the catalog: cluster_number(kind, local, number).
CREATE OR REPLACE TEMP TABLE cluster_number AS
SELECT k.kind, k.local, r.number FROM ({keys}) k JOIN catalog.cluster.registry r USING (kind, key)
