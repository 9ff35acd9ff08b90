-- Projects whose images stand on another day than the clinical records.
SELECT format('In project {} the days of images are {} {} those of the clinical records '
              || '(imaging_date_offset_days): beside clinical days take clinical_date.',
              p.project_id, abs(p.imaging_date_offset_days) || if(abs(p.imaging_date_offset_days) = 1, ' day', ' days'),
              if(p.imaging_date_offset_days > 0, 'before', 'after')) AS sentence
FROM harmonize.project p
SEMI JOIN harmonize.image_link l ON l.project_id = p.project_id
WHERE p.imaging_date_offset_days <> 0 AND p.project_id = coalesce($project, p.project_id)
