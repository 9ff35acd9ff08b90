-- What copies.sql put aside.
INSERT INTO record_end FROM cluster_copy;

INSERT INTO fhir_shape FROM cluster_copy_shape
