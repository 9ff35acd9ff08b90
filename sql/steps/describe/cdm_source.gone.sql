-- omop.cdm_source is written anew.
DELETE FROM omop.cdm_source
