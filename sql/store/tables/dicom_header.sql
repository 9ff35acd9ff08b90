-- Headers that were read, kept in the store so that a file which is seen unchanged is not read again. A path is kept as its
-- hash; `reader` stands for what is taken from a header, `part` numbers the datasets of one file. Rows may go at any time.
CREATE TABLE IF NOT EXISTS harmonize.dicom_header (
    path_key UUID NOT NULL, size BIGINT NOT NULL, stamp BIGINT NOT NULL, reader UUID NOT NULL,
    part INTEGER NOT NULL, reason VARCHAR, detail VARCHAR, form VARCHAR NOT NULL, series_uid VARCHAR,
    header VARCHAR, told VARCHAR[], private_elements INTEGER, notes VARCHAR[]
);
