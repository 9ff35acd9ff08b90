-- The tables that the events go to.
-- tells: condition_occurrence, drug_exposure, procedure_occurrence, device_exposure, measurement, observation
SELECT DISTINCT omop_table FROM event
