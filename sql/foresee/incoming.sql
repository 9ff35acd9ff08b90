-- The records of a delivery as a load counts them ({records} gives them), with the states that findings give.
CREATE OR REPLACE TEMP VIEW incoming AS {records}
