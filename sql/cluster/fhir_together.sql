-- Patients of whom one resource tells, or two of the same type and id: they are placed together.
SELECT DISTINCT list_sort(list_distinct(list(s.patient))) AS patients
FROM cluster_subject s JOIN cluster_resource r USING (resource)
GROUP BY r.resource_type, coalesce(r.own_id, r.resource::VARCHAR)
HAVING count(DISTINCT s.patient) > 1
