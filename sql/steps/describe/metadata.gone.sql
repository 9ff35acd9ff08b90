-- omop.metadata is written anew.
DELETE FROM omop.metadata
