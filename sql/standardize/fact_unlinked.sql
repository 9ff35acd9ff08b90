-- Takes the relationships of the affected persons' rows out, before the rows themselves.
DELETE FROM omop.fact_relationship USING fact f
WHERE fact_relationship.domain_concept_id_1 = f.domain_concept_id AND fact_relationship.fact_id_1 = f.omop_id
