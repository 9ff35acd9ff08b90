-- What is known of a person's age.
CREATE TABLE IF NOT EXISTS harmonize.person_age (
    person_id BIGINT NOT NULL,
    precision VARCHAR NOT NULL,             -- birth_date, birth_year, age, dicom_age, band, gt89, unknown
    low INTEGER,                            -- lowest age in years at the reference date
    high INTEGER,                           -- highest age in years; NULL for gt89 and unknown
    reference_date DATE
)
