-- What the catalog has decided for all shards: ids of custom concepts, value sets, and what people of the delivery are called.
INSERT INTO harmonize.custom_concept FROM catalog.harmonize.custom_concept ANTI JOIN harmonize.custom_concept USING (vocabulary_id, code);

DELETE FROM harmonize.value_set WHERE mapping IN (SELECT mapping FROM catalog.harmonize.value_set);

INSERT INTO harmonize.value_set FROM catalog.harmonize.value_set;

INSERT INTO harmonize.identity_token
FROM catalog.harmonize.identity_token ANTI JOIN harmonize.identity_token USING (project_id, kind, token_hash)
