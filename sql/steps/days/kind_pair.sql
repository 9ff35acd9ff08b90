-- Which kind of exam may be which kind of study: of one family, of one region where both name any.
-- when: matching
CREATE OR REPLACE TEMP TABLE kind_pair AS
SELECT DISTINCT e.kind AS exam_kind, s.kind AS study_kind
FROM day_kind e
JOIN day_kind s
  ON (e.family = s.family OR e.family = '' OR s.family = '')
 AND (e.regions = [] OR s.regions = [] OR list_has_any(e.regions, s.regions))
WHERE e.node <> 'study' AND s.node = 'study'
