-- What copies.sql put aside.
INSERT INTO incoming FROM cluster_copy;

INSERT INTO fhir_shape FROM cluster_copy_shape
