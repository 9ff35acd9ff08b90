-- Best evidence of each person's age, in order: birth date, birth year, clinical age, a DICOM age (inside the clinical
-- band where there is one), the band's middle, over 89, none.
-- again: moved_case
CREATE OR REPLACE TEMP TABLE person_best AS
WITH best AS (
    SELECT *,
        CASE WHEN birth_date IS NOT NULL THEN 'birth_date'
             WHEN birth_year IS NOT NULL THEN 'birth_year'
             WHEN age IS NOT NULL THEN 'age'
             WHEN gt89 THEN 'gt89'
             WHEN age_low IS NOT NULL AND dicom_age BETWEEN age_low AND age_high AND dicom_age <= 89 THEN 'dicom_age'
             WHEN age_low IS NOT NULL THEN 'band'
             WHEN dicom_age > 89 THEN 'gt89'
             WHEN dicom_age IS NOT NULL THEN 'dicom_age'
             ELSE 'unknown' END AS precision
    FROM person_evidence
)
SELECT *,
    coalesce(gender_coding, CASE WHEN NOT is_clinical THEN CASE patient_sex WHEN 'M' THEN 'Gender:M' WHEN 'F' THEN 'Gender:F' END END)
        AS gender,
    CASE WHEN is_clinical THEN sex_source ELSE patient_sex END AS gender_text,
    CASE precision
        WHEN 'birth_date' THEN year(birth_date)
        WHEN 'birth_year' THEN birth_year
        WHEN 'age' THEN year(reference_date) - floor(age)::INTEGER
        WHEN 'dicom_age' THEN year(dicom_age_date) - dicom_age
        WHEN 'band' THEN year(reference_date) - (age_low + age_high) // 2
        WHEN 'gt89' THEN year(coalesce(reference_date, first_study_date)) - 90
    END AS best_year,
    -- ages at age_date; a birth year leaves two of them open
    CASE precision WHEN 'age' THEN floor(age)::INTEGER WHEN 'dicom_age' THEN dicom_age WHEN 'band' THEN age_low
                   WHEN 'birth_date' THEN date_sub('year', birth_date, reference_date)
                   WHEN 'birth_year' THEN year(reference_date) - birth_year - 1 WHEN 'gt89' THEN 90 END AS low,
    CASE precision WHEN 'age' THEN floor(age)::INTEGER WHEN 'dicom_age' THEN dicom_age WHEN 'band' THEN age_high
                   WHEN 'birth_date' THEN date_sub('year', birth_date, reference_date)
                   WHEN 'birth_year' THEN year(reference_date) - birth_year END AS high,
    coalesce(CASE WHEN precision = 'dicom_age' THEN dicom_age_date END, reference_date, first_study_date) AS age_date
FROM best
