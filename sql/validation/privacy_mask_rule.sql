-- Mask what one rule ({rule}) finds; {masked} is SQL of the text without it.
UPDATE privacy_mask SET shown = {masked}
FROM (FROM privacy_hit WHERE rule = '{rule}') h
WHERE h.column_id = privacy_mask.column_id AND h.value = privacy_mask.value AND shown IS NOT NULL
