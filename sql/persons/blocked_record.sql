-- Records of which a withdrawal of their persons leaves nothing.
CREATE OR REPLACE TEMP TABLE blocked_record (record_id BIGINT)
