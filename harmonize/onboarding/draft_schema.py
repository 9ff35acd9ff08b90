"""The source schema of a draft, as LinkML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from harmonize.onboarding.draft import missing_words
from harmonize.onboarding.meaning import limits_of

if TYPE_CHECKING:
    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.draft import Draft, Table
    from harmonize.onboarding.scan import Scan

_BASE = "https://w3id.org/midrc-harmonize/sources/"
_FEET = (
    r"^ *([1-8] *('|′|’|[Ff][Tt][.]?|[Ff][Ee][Ee][Tt]|[Ff][Oo][Oo][Tt])"
    r"( *-? *([0-9]|1[01])([.][0-9]+)? *(\"|''|″|”|’’|[Ii][Nn]([.]|[Cc][Hh]([Ee][Ss])?)?)?)?"
    r"|([0-9]{2}|10[0-2])([.][0-9]+)? *(\"|''|″|”|[Ii][Nn]([.]|[Cc][Hh]([Ee][Ss])?)?)) *$"
)
"""What feet_and_inches (sql/functions.sql) reads, from 1 foot to 8 feet and 11 inches, or inches alone."""
_ZIP = r"^ *[0-9]{1,5}([.]0+)?(-[0-9]{4})? *$"
_RANGES = {"integer": "integer", "number": "double", "date": "date", "datetime": "datetime"}


def schema(scan: Scan, draft: Draft) -> dict[str, Any]:
    """The schema as the document that YAML writes; notes which lists must be looked over."""
    enums: dict[str, Any] = {}
    classes = {table.name: _class(scan, draft, table, enums) for table in draft.tables}
    if enums:
        told = ", ".join(enums)
        draft.decide(
            "Lists",
            f"Taken for complete: {told}. Another value will be a finding and take its cell; add what may come.",
        )
    return {
        "id": _BASE + draft.site,
        "name": draft.site,
        "title": f"Files of {draft.site}",
        "description": "Drafted from a profile; look over it before it is used.",
        "prefixes": {"linkml": "https://w3id.org/linkml/", draft.site: f"{_BASE}{draft.site}/"},
        "default_prefix": draft.site,
        "default_range": "string",
        "imports": ["linkml:types"],
        **({"enums": enums} if enums else {}),
        "classes": classes,
    }


def enum_name(table: Table, column: str) -> str:
    """The name of the enum of a column."""
    return f"{table.name}_{column}".lower()


def _class(scan: Scan, draft: Draft, table: Table, enums: dict[str, Any]) -> dict[str, Any]:
    annotations: dict[str, str] = {"file_pattern": _pattern(table)}
    if table.file.header_rows:
        first, last = table.file.header_rows
        annotations["header_rows"] = str(first) if first == last else f"{first}-{last}"
    if missing := missing_words(scan, table.file):
        annotations["missing_values"] = "|".join(missing)
    if table.is_person:
        annotations["person"] = "true"
    described = {"description": f"One table: {table.file.name}", "annotations": annotations}
    if len(table.key) > 1:
        described |= {"unique_keys": {"line": {"unique_key_slots": list(table.key)}}}
    return {**described, "attributes": {c.name: _slot(draft, table, c, enums) for c in table.file.columns}}


def at_most(most: int) -> str:
    """A regular expression of the whole numbers from 0 to `most`."""
    digits = str(most)
    forms = [f"[0-9]{{1,{len(digits) - 1}}}"] if len(digits) > 1 else []
    for place, digit in enumerate(digits):
        first = int(place == 0 and len(digits) > 1)
        if int(digit) > first:
            rest = len(digits) - place - 1
            forms.append(f"{digits[:place]}[{first}-{int(digit) - 1}]" + (f"[0-9]{{{rest}}}" if rest else ""))
    return "|".join([*forms, digits])


def _form(column: ColumnScan) -> str:
    if column.unit is None or column.kind == "feet":
        return "feet and inches such as 5' 4\", or inches such as 64 in"
    return f"a number with its unit, at most {column.unit.most:g} {column.unit.unit}"


def _pattern(table: Table) -> str:
    """A pattern of names of later exports: the sheet's, or the file's with its digits aside."""
    name = table.file.name
    if "#" in name:
        return f"*#{name.rpartition('#')[2]}"
    base = re.sub(r"(\.[A-Za-z]{1,7}){1,2}$", "", name.rpartition("/")[2].rpartition("!")[2])
    return re.sub(r"[0-9][0-9_.-]*", "*", base).rstrip("*") + "*"


def _slot(draft: Draft, table: Table, column: ColumnScan, enums: dict[str, Any]) -> dict[str, Any]:
    slot: dict[str, Any] = {}
    if column.header != column.name:
        slot["aliases"] = [column.header]
    if column.name in table.listed:
        slot["range"] = enum_name(table, column.name)
        enums[slot["range"]] = {"permissible_values": {value: {} for value in table.listed[column.name]}}
    elif table.over_89 and column is table.columns.get("age"):
        years = at_most(int(limits_of("age", None)[1] or 0))
        slot["pattern"] = f"^(({years})([.][0-9]+)?|{'|'.join(map(re.escape, table.over_89))})$"
    elif column.kind == "feet" and column.unit:
        slot["pattern"] = _FEET
    elif column.kind == "quantity" and column.unit and column.unit.most:
        slot["pattern"] = rf"^ *({at_most(int(column.unit.most))})([.][0-9]+)? *[A-Za-z%/]*[.]? *$"
    elif column.meaning == "zip" and not column.hidden:
        slot["pattern"] = _ZIP
    elif column.kind in _RANGES and not column.hidden:
        slot["range"] = _RANGES[column.kind]
        least, most = limits_of(column.meaning, column.unit)
        if column.is_number:
            slot |= {"minimum_value": least} if least is not None else {}
            slot |= {"maximum_value": most} if most is not None else {}
    annotations: dict[str, str] = {}
    if column.meaning == "zip" and "pattern" in slot:
        annotations["form"] = "digits of a zip code of the USA, of which the first three are kept"
    elif "pattern" in slot and column.unit:
        annotations["form"] = _form(column)
    elif "pattern" in slot:
        annotations["form"] = f"a number of years, or {' or '.join(table.over_89)}"
    if column.formats:
        annotations["date_formats"] = column.formats[0]
    if column.hidden:
        annotations["phi"] = "true"
    if not column.filled:
        annotations["may_be_empty"] = "true"
    if table.key == (column.name,):
        slot["identifier"] = True
    if column.name in (table.patient, *table.key[:1]):
        slot["required"] = True
    people = [other.name for other in draft.tables if other.is_person and other is not table]
    if column.name == table.patient and people:
        annotations["link"] = people[0]
    if column.meaning in ("day", "admission_day", "discharge_day") and draft.policy == "offset":
        annotations["offset"] = "true"
    return {**slot, **({"annotations": annotations} if annotations else {})}
