-- Words of names that name no thing, and what abbreviations stand for.
CREATE OR REPLACE TEMP TABLE filler_word AS
SELECT word FROM read_csv({fillers}, delim = '\t', header = true, all_varchar = true, quote = '');
CREATE OR REPLACE TEMP TABLE name_abbreviation AS
SELECT abbreviation, string_agg(expansion, ' ') AS expansion
FROM read_csv({abbreviations}, delim = '\t', header = true, all_varchar = true, quote = '')
GROUP BY abbreviation;
