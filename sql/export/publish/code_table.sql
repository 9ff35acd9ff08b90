-- The crosswalk {codes}: which random code stands for which key of the source, or for which person of the store.
CREATE TABLE IF NOT EXISTS {codes}.code (
    kind VARCHAR NOT NULL, project_id VARCHAR NOT NULL, key VARCHAR NOT NULL, code VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS {codes}.about (mark VARCHAR NOT NULL)
