-- Regions of the body by the texts that name them; the rows of mappings/vocabulary/body_part.tsv, in its order (a test
--   holds the two together), so that a published file can tell regions without the mappings.
CREATE VIEW linked.body_region AS
SELECT line, kind, text, region FROM (VALUES
    (1, 'BodyPartExamined', 'ABD', 'Abdomen'),
    (2, 'BodyPartExamined', 'ABDOMEN', 'Abdomen'),
    (3, 'BodyPartExamined', 'ABDOMENPELVIS', 'Abdomen and Pelvis'),
    (4, 'BodyPartExamined', 'BLADDER', 'Bladder'),
    (5, 'BodyPartExamined', 'BRAIN', 'Brain'),
    (6, 'BodyPartExamined', 'BREAST', 'Breast'),
    (7, 'BodyPartExamined', 'CHEST', 'Chest'),
    (8, 'BodyPartExamined', 'CHESTABDOMEN', 'Chest and Abdomen'),
    (9, 'BodyPartExamined', 'CHESTABDPELVIS', 'Chest, Abdomen and Pelvis'),
    (10, 'BodyPartExamined', 'HEAD', 'Head'),
    (11, 'BodyPartExamined', 'HEADNECK', 'Head and Neck'),
    (12, 'BodyPartExamined', 'HEART', 'Heart'),
    (13, 'BodyPartExamined', 'KIDNEY', 'Kidney'),
    (14, 'BodyPartExamined', 'LUNG', 'Lung'),
    (15, 'BodyPartExamined', 'NECK', 'Neck'),
    (16, 'BodyPartExamined', 'NECKCHEST', 'Neck and Chest'),
    (17, 'BodyPartExamined', 'NECKCHESTABDOMEN', 'Neck, Chest and Abdomen'),
    (18, 'BodyPartExamined', 'NECKCHESTABDPELV', 'Neck, Chest, Abdomen and Pelvis'),
    (19, 'BodyPartExamined', 'PELVIS', 'Pelvis'),
    (20, 'BodyPartExamined', 'SPINE', 'Spine'),
    (21, 'BodyPartExamined', 'THORAX', 'Chest'),
    (22, 'StudyDescription', 'NECK.*(CHEST|THORAX).*(AB|ABD|ABDOMEN|ABDOMINAL).*(PEL|PELVIS|PELVIC)', 'Neck, Chest, Abdomen and Pelvis'),
    (23, 'StudyDescription', '(CHEST|THORAX).*(AB|ABD|ABDOMEN|ABDOMINAL).*(PEL|PELVIS|PELVIC)', 'Chest, Abdomen and Pelvis'),
    (24, 'StudyDescription', '(AB|ABD|ABDOMEN|ABDOMINAL).*(PEL|PELVIS|PELVIC).*(CHEST|THORAX)', 'Chest, Abdomen and Pelvis'),
    (25, 'StudyDescription', '(AB|ABD|ABDOMEN|ABDOMINAL).*(PEL|PELVIS|PELVIC)', 'Abdomen and Pelvis'),
    (26, 'StudyDescription', '(CHEST|THORAX).*(AB|ABD|ABDOMEN|ABDOMINAL)', 'Chest and Abdomen'),
    (27, 'StudyDescription', '(AB|ABD|ABDOMEN|ABDOMINAL).*(CHEST|THORAX)', 'Chest and Abdomen'),
    (28, 'StudyDescription', 'NECK.*(CHEST|THORAX)', 'Neck and Chest'),
    (29, 'StudyDescription', 'HEAD.*NECK', 'Head and Neck'),
    (30, 'StudyDescription', '(CHEST|THORAX)', 'Chest'),
    (31, 'StudyDescription', '(AB|ABD|ABDOMEN|ABDOMINAL)', 'Abdomen'),
    (32, 'StudyDescription', '(KUB|MRCP)', 'Abdomen'),
    (33, 'StudyDescription', '(PEL|PELVIS|PELVIC)', 'Pelvis'),
    (34, 'StudyDescription', 'BRAIN', 'Brain'),
    (35, 'StudyDescription', 'HEAD', 'Head'),
    (36, 'StudyDescription', 'NECK', 'Neck'),
    (37, 'StudyDescription', '(HEART|CARDIAC|CORONARY)', 'Heart'),
    (38, 'StudyDescription', '(BREAST|MAMMO|MAMMOGRAM|MAMMOGRAPHY)', 'Breast'),
    (39, 'StudyDescription', '(LUNG|PULMONARY)', 'Chest'),
    (40, 'StudyDescription', 'SPINE', 'Spine'),
    (41, 'StudyDescription', 'BLADDER', 'Bladder')
) AS r (line, kind, text, region);

COMMENT ON VIEW linked.body_region IS 'Regions of the body by the texts that name them, first match first.';
COMMENT ON COLUMN linked.body_region.kind IS 'BodyPartExamined: the whole text; StudyDescription: a pattern of words in it.';
