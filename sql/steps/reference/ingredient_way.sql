-- The relationships of RxNorm and RxNorm Extension that lead from a drug towards its ingredients: from packs, boxes, brands and
--   quantities to clinical drugs, from these to their components and forms, and from them to the ingredient.
-- on demand
CREATE OR REPLACE TEMP VIEW ingredient_way AS
SELECT relationship_id
FROM (VALUES ('Contains'), ('Box of'), ('Marketed form of'), ('Tradename of'), ('Quantified form of'), ('Consists of'), ('RxNorm is a'),
             ('Has precise ing'), ('Form of'), ('RxNorm has ing')) r (relationship_id)
