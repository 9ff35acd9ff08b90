-- Records of which a withdrawal of their persons left nothing.
SELECT record_id, 0 AS mapping_id, 'person_withdrawn' AS reason FROM blocked_record
