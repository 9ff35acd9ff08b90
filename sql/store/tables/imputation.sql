-- Which values of OMOP rows were imputed, and by which rule.
CREATE TABLE IF NOT EXISTS harmonize.imputation (
    omop_table harmonize.omop_table NOT NULL,
    omop_id BIGINT NOT NULL,
    column_name VARCHAR NOT NULL,
    rule VARCHAR NOT NULL
)
