-- Medications; a day alone, of a medication that Gen3 cannot name, is not given out.
SELECT 'medication' AS node, * REPLACE (
           CASE WHEN coalesce(medication_name, medication_code, medication_type) IS NULL THEN days_to_medication_start
                ELSE coalesce(days_to_medication_start, start_day) END AS days_to_medication_start,
           CASE WHEN coalesce(medication_name, medication_code, medication_type) IS NULL THEN days_to_medication_end
                ELSE coalesce(days_to_medication_end, end_day) END AS days_to_medication_end)
FROM midrc.medication
