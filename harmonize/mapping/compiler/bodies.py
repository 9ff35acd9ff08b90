"""The Python bodies of the mapping language's functions, and the checks of their constant arguments."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DIGITS = re.compile(r"[+-]?[0-9]+")
_INCHES = r"""(?:"|[Ii][Nn](?:\.|[Cc][Hh](?:[Ee][Ss])?)?)"""
_LENGTH = re.compile(
    r"([0-9]{1,2}) *(?:'|[Ff][Tt]\.?|[Ff][Ee][Ee][Tt]|[Ff][Oo][Oo][Tt])"
    rf"(?: *-? *((?:[0-9]|1[01])(?:\.[0-9]+)?) *{_INCHES}?)?|([0-9]{{1,3}}(?:\.[0-9]+)?) *{_INCHES}"
)
_QUOTES = str.maketrans("′’″”", "''\"\"")
_BOUND = re.compile(r"^ *(<=|>=|≤|≥|<|>|=)")
_THOUSANDS = re.compile(r" *[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)? *")
_SIGNS_OF_HTML = {
    "&lt;": "<", "&gt;": ">", "&le;": "≤", "&ge;": "≥", "&minus;": "-", "&nbsp;": " ", "&thinsp;": " ", "&#60;": "<",
    "&#62;": ">", "&#8804;": "≤", "&#8805;": "≥", "&#8722;": "-", "&#160;": " ", "&#8239;": " ", "&#8201;": " ",
    "&#43;": "+", "&#45;": "-", "&plus;": "+",
}  # fmt: skip
_SIGNS = str.maketrans("−﹣－＋．，０１２３４５６７８９＜＞＝", "---+.,0123456789<>=")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_THIN = "\u00a0\u2000-\u200a\u202f\u205f"
_WIDE_BLANKS = re.compile(f"[{_THIN}\u3000]")
_PRINT_BLANKS = re.compile(f"[{_THIN}\u3000 ]")
_PRINTED = re.compile(
    rf"[{_THIN}\u3000 ]*(<=|>=|[<>=≤≥])?[{_THIN}\u3000 ]*[+-]?[0-9]{{1,3}}([{_THIN}][0-9]{{3}})+([.][0-9]*)?"
    rf"[{_THIN}\u3000 ]*"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH_NAMES = "january february march april may june july august september october november december"
# What Python's re and DuckDB's RE2 do not read alike.
_STRANGE = re.compile(r"\(\?(?!:)|\\(?![dDwWbB.\\/*+?()\[\]{}|^$ -])|[*+?}]\+|\[\[|\[\^?\]|[^\x00-\x7f]|[\x00-\x1f]")


def as_typed(text: str) -> str:
    """The text of a number as it would be typed: twin of as_typed in sql/functions.sql."""
    for name, sign in _SIGNS_OF_HTML.items():
        text = text.replace(name, sign)
    text = _UNSEEN.sub("", text.translate(_SIGNS))
    return _PRINT_BLANKS.sub("", text) if _PRINTED.fullmatch(text) else _WIDE_BLANKS.sub(" ", text)


def _typed(text: str) -> str:
    return text if text.isascii() and "&" not in text else as_typed(text)


def number(text: str) -> float | None:
    """The number that a text writes, spaces around it aside; None for anything else."""
    value = _plain_number(text)
    return _plain_number(as_typed(text)) if value is None and not text.isascii() else value


def _plain_number(text: str) -> float | None:
    trimmed = text.strip(" ")
    if not _NUMBER.fullmatch(trimmed):
        return None
    value = float(trimmed)
    return value if math.isfinite(value) else None


def result_number(text: str) -> float | None:
    """The number of a laboratory result: 0.5 of <0.5, 1240 of 1,240; None for anything else."""
    amount = _BOUND.sub("", _typed(text))
    return _plain_number(amount.replace(",", "") if _THOUSANDS.fullmatch(amount) else amount)


def result_operator(text: str) -> str | None:
    """The operator before the number of a laboratory result: <, <=, > or >=; None where it is exact or no number."""
    found = _BOUND.match(_typed(text))
    if found is None or found[1] == "=" or result_number(text) is None:
        return None
    return {"≤": "<=", "≥": ">="}.get(found[1], found[1])


def feet_and_inches(text: str) -> float | None:
    """The inches of a length such as 5' 4", 5 ft 4 in, 5' or 64 in (inches beside feet are under 12); else None."""
    found = _LENGTH.fullmatch(text.strip(" ").translate(_QUOTES).replace("''", '"'))
    if found is None:
        return None
    feet, inches, alone = found.groups()
    return float(alone) if alone else 12.0 * float(feet) + float(inches or 0)


def short_code(text: str) -> str:
    """A text as a code of at most 50 characters: of a longer one 41, ~ and 8 hexadecimal digits of its sha256."""
    return text if len(text) <= 50 else f"{text[:41]}~{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def whole(text: str) -> int | None:
    """The whole number that a text writes ("3", "3.0"); None for 2.7 and for all that is no number."""
    trimmed = text.strip(" ")
    if _DIGITS.fullmatch(trimmed):
        return _int64(int(trimmed))
    value = number(text)
    return int(value) if value is not None and value.is_integer() and abs(value) <= 2**53 else None


def _int64(value: int) -> int | None:
    return value if -(2**63) <= value < 2**63 else None


def to_float(value: Any) -> float:
    if not isinstance(value, str):
        return float(value)
    parsed = number(value)
    if parsed is None:
        raise ValueError(f"not a number: {value!r}")
    return parsed


def to_int(value: Any) -> int:
    if isinstance(value, str) and not _DIGITS.fullmatch(value.strip(" ")):
        raise ValueError(f"not a whole number: {value!r}")
    result = _int64(int(value))
    if result is None:
        raise ValueError(f"beyond 64 bits: {value!r}")
    return result


def _half_even(value: float) -> float:
    if abs(value - math.trunc(value)) == 0.5:
        return 2.0 * float(round(value / 2.0))
    return float(round(value))


def round_half_even(value: float, digits: int | None = None) -> float | int:
    if digits is None:
        return to_int(_half_even(float(value)))
    return _half_even(float(value) * 10.0**digits) / 10.0**digits


def floor(value: float) -> int:
    """The whole number below; raises beyond 64 bits."""
    return to_int(math.floor(value))


def ceil(value: float) -> int:
    """The whole number above; raises beyond 64 bits."""
    return to_int(math.ceil(value))


def upper(text: str) -> str:
    return "".join(map(_upper_character, text))


@cache
def _upper_character(char: str) -> str:
    """One character for one, as DuckDB does it: ß gives ẞ, a ligature stays."""
    simple = {"ß": "ẞ"}.get(char, char.upper())
    titled = char.title()
    return simple if len(simple) == 1 else titled if len(titled) == 1 else char


def lower(text: str) -> str:
    return "".join("i" if char == "İ" else char.lower() for char in text)


def part(text: str, separator: str, n: int) -> str | None:
    pieces = text.split(separator)
    return pieces[n - 1] if n <= len(pieces) else None


def split(text: str, separator: str) -> list[str]:
    return [piece.strip() for piece in text.split(separator) if piece.strip()]


def join(separator: str, texts: list[str | None]) -> str | None:
    present = [text for text in texts if text is not None]
    return separator.join(present) if present else None


def to_datetime(text: str, *formats: str) -> datetime | None:
    for form in formats:
        if time_pattern(form).fullmatch(text):
            try:
                return datetime.strptime(text, form)
            except ValueError:  # the 31st of February: well formed, and no date
                continue
    return None


def to_date(text: str, *formats: str) -> date | None:
    moment = to_datetime(text, *formats)
    return None if moment is None else moment.date()


@cache
def time_pattern(form: str) -> re.Pattern[str]:
    """The expression a text in a strptime format must match whole; twin of time_pattern in sql/functions.sql.

    Leading zeros may be missing, except in a format whose fields touch (%Y%m%d).
    """
    zero = "" if re.search("%[a-zA-Z]%", form) else "?"
    patterns = {
        "%Y": "(?!0000)[0-9]{4}",
        "%y": "[0-9]{2}",
        "%m": f"(0{zero}[1-9]|1[0-2])",
        "%d": f"(0{zero}[1-9]|[12][0-9]|3[01])",
        "%H": f"([01]{zero}[0-9]|2[0-3])",
        "%I": f"(0{zero}[1-9]|1[0-2])",
        "%M": f"[0-5]{zero}[0-9]",
        "%S": f"[0-5]{zero}[0-9]",
        "%f": "[0-9]{1,6}",
        "%p": "[AaPp][Mm]",
        "%b": f"(?i:{_MONTHS.replace(' ', '|')})",
        "%B": f"(?i:{_MONTH_NAMES.replace(' ', '|')})",
    }
    pieces = re.split("(%[a-zA-Z])", form)
    return re.compile("".join(patterns.get(piece, re.escape(piece)) for piece in pieces))


_PARTIAL = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T.*)?)?)?")
_CLOCK = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T(([01][0-9]|2[0-3]):[0-5][0-9])(:[0-5][0-9])?(?(4)([.][0-9]+)?)"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def partial_date(text: str) -> date | None:
    if not _PARTIAL.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text[:10] + {4: "-01-01", 7: "-01"}.get(len(text), ""))
    except ValueError:
        return None


def date_precision(text: str) -> str | None:
    return {4: "year", 7: "month"}.get(len(text)) if re.fullmatch("[0-9]{4}(-[0-9]{2})?", text) else None


def local_time(text: str) -> datetime | None:
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(f"{found[1]} {found[2]}{found[4] or ':00'}")
    except ValueError:
        return None


_CHARSET = re.compile(r';[ \t]*charset[ \t]*=[ \t]*"?([^ \t;"]+)', re.IGNORECASE)
_CHARSETS = {
    **dict.fromkeys(("", "utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1"), "latin-1"),
    **dict.fromkeys(("windows-1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("iso-8859-15", "iso8859-15", "latin-9"), "iso8859-15"),
    **dict.fromkeys(("utf-16be", "utf-16"), "utf-16-be"),
    "utf-16le": "utf-16-le",
}


def base64_text(text: str, mime: str = "") -> str | None:
    found = _CHARSET.search(mime)
    charset = found[1].lower() if found else ""
    try:
        content = base64.b64decode(re.sub("[ \t\r\n]", "", text), validate=True)
        codec = "utf-8" if content.startswith(b"\xef\xbb\xbf") else _CHARSETS[charset]
        little = charset == "utf-16" and content.startswith(b"\xff\xfe")
        decoded = content.decode("utf-16-le" if little else codec)
    except (ValueError, KeyError):
        return None
    return decoded.removeprefix("\ufeff")


def add_days(day: date, n: int) -> date:
    return day + timedelta(days=n)


def matches(text: str, pattern: str) -> bool:
    return re.fullmatch(pattern, text, re.ASCII) is not None


def coalesce(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def nullif(value: Any, other: Any) -> Any:
    return None if value == other else value


def check_format(form: str) -> str | None:
    """The complaint about a strptime format that this language cannot hold equal in both engines, or None."""
    known = set("YymdHIMSfpbB")
    unknown = [piece for piece in re.findall("%(.?)", form) if piece not in known]
    if unknown:
        return f"the format {form!r} has %{unknown[0]}, known are %{' %'.join(sorted(known))}"
    fields = re.findall("%(.)", form)
    if not {"m", "b", "B"} & set(fields) or not {"Y", "y"} & set(fields) or "d" not in fields:
        return f"the format {form!r} lacks year, month or day"
    return f"the format {form!r} says a field twice" if len(set(fields)) < len(fields) else None


def check_time_format(form: str) -> str | None:
    complaint = check_format(form)
    if complaint is None and not re.search("%[HI]", form):
        return f"the format {form!r} lacks the hour; use to_date"
    if complaint is None and ("%I" in form) != ("%p" in form):
        return f"the format {form!r} needs %I and %p together"
    return complaint


def check_date_format(form: str) -> str | None:
    time = re.search("%[HIMSfp]", form)
    return check_format(form) or (f"the format {form!r} has a time of day; use to_datetime" if time else None)


def check_pattern(pattern: str) -> str | None:
    """Only what Python's re and DuckDB's RE2 read alike."""
    try:
        re.compile(pattern)
    except re.error as error:
        return f"{pattern!r} is no regular expression ({error})"
    strange = _STRANGE.search(pattern)
    return f"{strange[0]!r} in {pattern!r} is not read alike by Python and DuckDB" if strange else None


def check_filled(text: str) -> str | None:
    return None if text else "an empty text"


def check_position(n: int) -> str | None:
    return None if n >= 1 else f"{n}; pieces are counted from 1"


def check_digits(n: int) -> str | None:
    return None if 0 <= n <= 9 else f"{n}; 0 to 9 digits can be kept"
