-- The rows that one of two relations ({a}, {b}) has and the other lacks, repeated rows counted.
CREATE OR REPLACE TEMP TABLE only_in_a AS FROM (FROM {a} EXCEPT ALL FROM {b});
CREATE OR REPLACE TEMP TABLE only_in_b AS FROM (FROM {b} EXCEPT ALL FROM {a});
