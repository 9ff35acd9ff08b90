-- The words of a text in the form in which they are compared: small letters, American spelling, singular, each once;
-- phrases that say nothing (suggest_words.tsv) left out.
CREATE OR REPLACE TEMP MACRO one_spelling(x) AS
  replace(replace(replace(replace(replace(replace(replace(replace(x,
    'haem', 'hem'), 'oedema', 'edema'), 'oesoph', 'esoph'), 'anaem', 'anem'), 'tumour', 'tumor'), 'leuco', 'leuko'),
    '#', ' number '), '%', ' percent ');
CREATE OR REPLACE TEMP MACRO singular(w) AS
  CASE WHEN length(w) > 4 AND ends_with(w, 'ies') THEN left(w, -3) || 'y'
       WHEN length(w) > 3 AND ends_with(w, 's') AND NOT regexp_matches(w, '(ss|us|is)$') THEN left(w, -1)
       ELSE w END;
CREATE OR REPLACE TEMP MACRO plain_words(x) AS
  list_distinct(list_filter(list_transform(
    string_split_regex(regexp_replace(one_spelling(lower(strip_accents(x))), getvariable('suggest_phrases'), ' ', 'g'),
      '[^a-z0-9]+'), lambda w: singular(w)),
    lambda w: w <> ''));
