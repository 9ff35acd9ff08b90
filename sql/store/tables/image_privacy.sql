-- What the headers of a series say of who may be seen in its pixels; of the last load that read them.
CREATE TABLE IF NOT EXISTS harmonize.image_privacy (
    project_id VARCHAR NOT NULL,
    series_uid VARCHAR NOT NULL,
    burned_in_annotation VARCHAR,           -- (0028,0301): YES, NO
    recognizable_features VARCHAR,          -- (0028,0302): YES, NO
    identity_removed VARCHAR                -- (0012,0062): YES, NO
)
