-- The subjects of value sets, with the concepts that they are mapped to (object NULL: none fits).
CREATE OR REPLACE TEMP TABLE value_set_subject (
    file VARCHAR, line INTEGER, subject VARCHAR, label VARCHAR, predicate VARCHAR, object VARCHAR, object_label VARCHAR
)
