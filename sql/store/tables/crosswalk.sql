-- Pairs of cases that are one person, as stated; cases that are not loaded yet included. The first case of a pair is the
-- first by project and key.
CREATE TABLE IF NOT EXISTS harmonize.crosswalk (
    project_id_1 VARCHAR NOT NULL,
    case_key_1 VARCHAR NOT NULL,
    project_id_2 VARCHAR NOT NULL,
    case_key_2 VARCHAR NOT NULL,
    day_difference INTEGER,                 -- days to add to the second case's dates in OMOP to get the first's
    same_time_base BOOLEAN,                 -- NULL: as the time policies of the projects say
    basis VARCHAR NOT NULL
)
