-- shifted projects: cases that links join, and the case by whose days their dates are moved, as it was when the first of their rows
-- was; never published.
CREATE TABLE IF NOT EXISTS harmonize.shift_case (
    project_id VARCHAR NOT NULL,
    case_key VARCHAR NOT NULL,
    shift_case VARCHAR NOT NULL
)
