-- A person's id is the code, and no number that is made from one of the store.
UPDATE publish_id SET published = c.code::BIGINT
FROM publish_code c
WHERE publish_id.omop_table = 'person' AND c.named = 'person' || chr(31) || chr(31) || publish_id.id
