"""Codes that ask for what identifies people: LOINC 56799-0 (Address) and its kin.

What has such a code is not loaded, whatever it looks like: a record, a component, an answer, a column. One list
(sql/validation/lists/private_code.tsv) decides it for every source, for validate as for load.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from harmonize.engine.paths import root
from harmonize.engine.sql_text import literal, literals, quote
from harmonize.vocabulary.sssom import read_sssom, sssom_files

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.intake.table.staged import Staged
    from harmonize.mapping.plan import Entry, MappingPlan

_CODE_SLOTS = re.compile(r"^(coding|codings|question_coding|(condition|medication|procedure|observation)_code)$")
"""Slots of the hub that say what a row is about; a value, a unit or a person's sex is none of them."""
_PLACE_SLOTS = re.compile(
    r"case_key|submitter_id|visit|provider|care_site|_system$|(^|_)(day|date|datetime|time)$|precision"
)
"""Slots that say whose row it is and when."""
_STRING = re.compile(r"'((?:[^']|'')*)'")


class PrivateCode(NamedTuple):
    """A code of the list, and in words what it asks for."""

    vocabulary: str
    code: str
    holds: str


@dataclass(frozen=True)
class Coded:
    """What an entry of a mapping says the rows of its class are about: SQL over the alias `s`, one for each slot
    (`columns` are the source columns in them), and the source columns of what it says of them. `forms` is what the SQL
    gives for a code of the list, with what that asks for."""

    sqls: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[str, ...]
    forms: tuple[tuple[str, str], ...]


@cache
def private_codes() -> tuple[PrivateCode, ...]:
    """The list."""
    path = root("sql") / "validation" / "lists" / "private_code.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(PrivateCode(line["vocabulary_id"], line["code"], line["holds"]) for line in lines)


def header_holds(header: str) -> str | None:
    """What a column asks for whose header begins with a LOINC code of the list (56799-0_Address), None for others."""
    for one in private_codes():
        if one.vocabulary == "LOINC" and re.match(rf"(LOINC[: _])?{re.escape(one.code)}($|[^0-9])", header):
            return one.holds
    return None


def coded_columns(plan: MappingPlan, folder: Path | None) -> dict[str, tuple[Coded, ...]]:
    """Source class → what its mapping says that its rows are about; `folder` has the mapping's value sets."""
    own = _own_codes(folder) if folder is not None else {}
    forms = {f"{one.vocabulary}:{one.code}": one.holds for one in private_codes()}
    forms |= {one.code: one.holds for one in private_codes()} | own
    found: dict[str, list[Coded]] = {}
    for entry in plan.entries:
        slots = [entry.columns[name] for name in _slots(entry)]
        columns = {source for slot in slots for source in slot.sources}
        said = {text for slot in slots for text in _STRING.findall(slot.sql)}
        if columns or not forms.keys().isdisjoint(said):
            others = [name for name in entry.columns if not _CODE_SLOTS.match(name) and not _PLACE_SLOTS.search(name)]
            values = {source for name in others for source in entry.columns[name].sources} - columns
            sqls = tuple(slot.sql for slot in slots)
            coded = Coded(sqls, tuple(sorted(columns)), tuple(sorted(values)), tuple(sorted(forms.items())))
            found.setdefault(entry.source, []).append(coded)
    return {name: tuple(some) for name, some in found.items()}


def _slots(entry: Entry) -> list[str]:
    return [name for name in entry.columns if _CODE_SLOTS.match(name)]


def _own_codes(folder: Path) -> dict[str, str]:
    """The codes of a mapping's own that its value sets map to one of the list."""
    listed = {f"{one.vocabulary}:{one.code}": one.holds for one in private_codes()}
    return {
        row["subject_id"]: listed[row["object_id"]]
        for path in sssom_files(folder)
        for row in read_sssom(path).rows
        if row["object_id"] in listed
    }


def find_coded(
    con: DuckDBPyConnection,
    staged: Staged,
    submission: int,
    rules: dict[str, int],
    read: Collection[str],
    coded: Sequence[Coded],
) -> None:
    """Insert the findings of a staged file: of records whose code is of the list (phi_code), and of the cells that are
    said to be an answer to one (phi_coded), by the mapping or by the header of a column that it reads."""
    numbers = {name: number for number, name in enumerate(staged.names, start=1)}
    found = [
        _said(
            staged, rules["phi_coded"], numbers, name, f"SELECT line_, {literal(holds)} AS holds_ FROM {staged.table}"
        )
        for name, header in zip(staged.names, staged.headers, strict=True)
        if name in read and (holds := header_holds(header))
    ]
    for one in coded:
        here = [name for name in one.columns if name in numbers]
        if one.columns and not here:
            continue
        rows = _rows(staged, one, numbers)
        if con.execute(f"SELECT 1 FROM ({rows}) LIMIT 1").fetchone():
            names = [name for name in one.values if name in numbers]
            found += [_said(staged, rules["phi_coded"], numbers, name, rows) for name in names]
            found += [_said(staged, rules["phi_code"], numbers, name, rows) for name in here[:1]]
    if found:
        con.execute(
            "INSERT INTO harmonize.finding SELECT ?, rule, ?, line_, number, min(holds_) "
            f"FROM ({' UNION '.join(found)}) GROUP BY ALL",
            [submission, staged.file_id],
        )


def _rows(staged: Staged, one: Coded, numbers: Mapping[str, int]) -> str:
    """SQL of the lines that are given a code of the list, with what that asks for."""
    cells = "".join(f", NULL::VARCHAR AS {quote(name)}" for name in one.columns if name not in numbers)
    keys, holds = literals(key for key, _ in one.forms), literals(said for _, said in one.forms)
    asked = ", ".join(f"list_extract([{holds}], list_position([{keys}], trim({text}))::INTEGER)" for text in one.sqls)
    return (
        f"SELECT line_, holds_ FROM (SELECT line_, coalesce({asked}) AS holds_ FROM "
        f"(SELECT *{cells} FROM {staged.table}) s) WHERE holds_ IS NOT NULL"
    )


def _said(staged: Staged, rule: int, numbers: Mapping[str, int], name: str, rows: str) -> str:
    """SQL of the findings of a rule on the filled cells of a column in these lines."""
    return (
        f"SELECT {rule} AS rule, line_, {numbers[name]} AS number, holds_ "
        f"FROM ({rows}) JOIN {staged.table} USING (line_) WHERE trim({quote(name)}) <> ''"
    )


def private_code_sql(system: str, code: str) -> str:
    """SQL of what a coding asks for, NULL for most: a LOINC code by its form alone, another one by its system, too."""
    looked_up = " ".join(f"WHEN {literal(one.code)} THEN {literal(one.holds)}" for one in private_codes())
    loinc = literals(one.code for one in private_codes() if one.vocabulary == "LOINC")
    return (
        f"CASE WHEN {code} IN ({loinc}) OR {system} IS NULL OR regexp_matches(lower({system}), "
        f"'snomed|2[.]16[.]840[.]1[.]113883[.]6[.]96') THEN CASE {code} {looked_up} END END"
    )
