-- Annotations that answer a question of the dictionary.
SELECT 'annotation' AS node, * FROM midrc.annotation
