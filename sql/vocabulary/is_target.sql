-- Whether a concept is retired (invalid_reason U: replaced, D: deleted), and whether it may stand in a *_concept_id: it is
-- standard and not retired. Some releases leave standard_concept on concepts that they retire.
CREATE OR REPLACE TEMP MACRO is_retired(invalid_reason) AS nullif(trim(invalid_reason), '') IS NOT NULL;

CREATE OR REPLACE TEMP MACRO is_target(standard_concept, invalid_reason) AS
    coalesce(standard_concept = 'S', false) AND NOT is_retired(invalid_reason);
