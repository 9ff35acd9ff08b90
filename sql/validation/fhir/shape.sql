-- Of which shape each resource is.
CREATE OR REPLACE TEMP TABLE fhir_shape AS
FROM read_csv($file, header = false, auto_detect = false, columns = {'resource': 'BIGINT', 'shape': 'INTEGER'})
