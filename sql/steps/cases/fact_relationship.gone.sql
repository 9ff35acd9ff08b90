-- The relationships of the affected persons' rows go before the rows themselves.
-- when: omop.fact_relationship
-- when: affected_person
DELETE FROM omop.fact_relationship USING (FROM fact_row SEMI JOIN affected_person USING (person_id)) f
WHERE fact_relationship.domain_concept_id_1 = f.domain_concept_id AND fact_relationship.fact_id_1 = f.omop_id
