-- Which case is which person. Of the cases of one person one was chosen when they became one, and stays chosen while it is
-- among them: its own id is the person's, and its days are the time base.
CREATE TABLE IF NOT EXISTS harmonize.person_case (
    project_id VARCHAR NOT NULL,
    case_key VARCHAR NOT NULL,
    person_id BIGINT NOT NULL,
    basis VARCHAR NOT NULL,                 -- clinical, imaging
    chosen_project_id VARCHAR NOT NULL,     -- the case that was chosen, the case itself where it is a person alone
    chosen_case_key VARCHAR NOT NULL        -- it may not be loaded, where a crosswalk names it
)
