-- Signs that stand for others, and their names in HTML, which exports of web pages leave behind.
CREATE OR REPLACE TEMP MACRO plain_signs(x) AS
  translate(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    x, '&micro;', 'u'), '&mu;', 'u'), '&#181;', 'u'), '&#956;', 'u'), '&sup2;', '²'), '&sup3;', '³'), '&#178;', '²'), '&#179;', '³'),
    '&sup1;', '¹'), '&#185;', '¹'), '&deg;', '°'), '&#176;', '°'), '&times;', 'x'), '&middot;', '.'), '℃', '°C'), '℉', '°F'),
    'µμ×∗·⋅ºˆ' || chr(160) || chr(8239) || chr(8201), 'uux*..°^   ');

-- A unit as UCUM's codes are written: superscripts and powers of ten (10⁹, 10^9, 10E9, x10**9) as 10*9, both signs of micro
-- (µ and μ) and mc as u, litres as L, degrees as Cel and [degF]. It keeps every prefix and exponent.
CREATE OR REPLACE TEMP MACRO plain_unit(x) AS
  replace(replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    translate(regexp_replace(plain_signs(trim(x)), '10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)', '10^\1', 'g'), '⁻⁰¹²³⁴⁵⁶⁷⁸⁹', '-0123456789'),
    ' *([/.]) *', '\1', 'g'),
    '^[xX*] ?10', '10'),
    '\b10 ?(\^|\*\*|\*|E|e) ?\+?(-?[0-9]+)', '10*\2', 'g'),
    '([A-Za-z])(\^|\*\*)([0-9])', '\1\3', 'g'),
    '\bmc([gLlM]|mol|IU|U)\b', 'u\1', 'g'),
    '\b([munpfdk]?)l\b', '\1L', 'g'),
    '\b([munpfk]?)Mol\b', '\1mol', 'g'),
    '°C', 'Cel'), '°F', '[degF]');
