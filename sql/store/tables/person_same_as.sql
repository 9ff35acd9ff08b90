-- Persons that are one and stay two rows, because their dates have no common time base.
CREATE TABLE IF NOT EXISTS harmonize.person_same_as (
    person_id_1 BIGINT NOT NULL,            -- the lower id
    person_id_2 BIGINT NOT NULL,
    basis VARCHAR NOT NULL
)
