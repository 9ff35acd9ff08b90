-- Which mapping each name stands for, so that another one of the same name is noticed.
CREATE TABLE IF NOT EXISTS harmonize.mapping_identity (name VARCHAR NOT NULL, identity VARCHAR NOT NULL)
