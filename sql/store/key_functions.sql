-- What stands for a value that may not be kept, such as the part of a record's key in which privacy found something: the same
-- for the same value in the same project, and found by nobody who lacks the key of the store (the variable store_key).
CREATE OR REPLACE TEMP MACRO masked_key(project, value) AS
    'x-' || left(sha256(concat(getvariable('store_key'), chr(31), project, chr(31), trim(value))), 24)
