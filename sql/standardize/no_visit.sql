-- The visits of the affected cases where they have none.
CREATE OR REPLACE TEMP TABLE visit_kept (visit_occurrence_id BIGINT, project_id VARCHAR, case_key VARCHAR, visit_key VARCHAR,
                                         person_id BIGINT, visit_start_date DATE, visit_end_date DATE)
