-- What a project asks before its submissions leave the store, as its file of rules said; the latest row of a project holds.
CREATE TABLE IF NOT EXISTS harmonize.project_rules (
    project_id VARCHAR NOT NULL,
    change_id BIGINT NOT NULL,
    changed_at TIMESTAMP NOT NULL,          -- UTC
    who VARCHAR NOT NULL,
    embargo_days INTEGER NOT NULL,
    sign_offs INTEGER NOT NULL,             -- how many different persons sign before a release
    retained_phi BOOLEAN NOT NULL,          -- whether a delivery may come with identifying values
    k INTEGER NOT NULL,                     -- k-anonymity that a release must reach
    may_waive VARCHAR[] NOT NULL,           -- who may waive findings; empty: anybody
    sequestration_locked BOOLEAN NOT NULL,  -- whether a release asks that every case has a side, under a lock
    retained_days INTEGER NOT NULL,         -- days that identifying values stay in the vault; 0: until they are withdrawn
    coarsen VARCHAR[] NOT NULL              -- what a release tells of a person in fewer words, as 'birth_year decade'
)
