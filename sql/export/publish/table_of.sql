-- Which table of OMOP a reference leads to, by what the column beside it says: the concept of a field or table, the concept or
-- name of a domain, or the table's own name.
CREATE OR REPLACE TEMP TABLE publish_table_of AS
WITH domain_table (domain_id, omop_table) AS (
    VALUES ('Condition', 'condition_occurrence'), ('Drug', 'drug_exposure'), ('Procedure', 'procedure_occurrence'),
           ('Device', 'device_exposure'), ('Measurement', 'measurement'), ('Observation', 'observation'), ('Note', 'note'),
           ('Specimen', 'specimen'), ('Visit', 'visit_occurrence'), ('Person', 'person'), ('Provider', 'provider')
),
own AS (
    SELECT unnest($tables::VARCHAR[]) AS omop_table
)
SELECT name, min(omop_table) AS omop_table
FROM (SELECT omop_table AS name, omop_table FROM own
      UNION ALL SELECT 'death', 'person'  -- a death has no id but its person's
      UNION ALL SELECT domain_id, omop_table FROM domain_table
      UNION ALL SELECT d.domain_concept_id::VARCHAR, t.omop_table FROM omop.domain d JOIN domain_table t USING (domain_id)
      UNION ALL SELECT c.concept_id::VARCHAR, o.omop_table FROM omop.concept c JOIN own o
          ON c.concept_name IN (o.omop_table, o.omop_table || '.' || o.omop_table || '_id')
      WHERE c.vocabulary_id = 'CDM')
WHERE name <> '0'
GROUP BY name
