-- An MD.ai export as one text, its byte order mark taken away.
CREATE OR REPLACE TEMP TABLE mdai_document AS
SELECT ltrim(content, chr(65279)) AS document FROM read_text($path)
