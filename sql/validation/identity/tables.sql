-- What people are called: as it was met, and the hashes of it that texts are looked over for.
CREATE OR REPLACE {kind}TABLE identity_said (kind VARCHAR, said VARCHAR);
CREATE OR REPLACE {kind}TABLE identity_known (kind VARCHAR, token_hash UUID, is_new BOOLEAN)
