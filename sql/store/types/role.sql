-- What a record is to a row of OMOP.
CREATE TYPE harmonize.role AS ENUM('primary', 'support')
