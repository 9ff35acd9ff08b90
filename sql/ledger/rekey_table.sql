-- Records that go by another key than before.
CREATE OR REPLACE TEMP TABLE rekey (
    record_type USMALLINT, old_key_hash UUID, new_record_key VARCHAR, new_key_hash UUID
)
