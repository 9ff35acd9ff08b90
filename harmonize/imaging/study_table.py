"""A table of LOINC codes by modality and study description, such as the one MIDRC keeps: read, checked, kept."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import user_folder
from harmonize.engine.text_file import read_rows
from harmonize.imaging.loinc_codes import codes
from harmonize.imaging.study_parts import Statement, normal_description, normal_modality, read_parts, statement
from harmonize.imaging.study_rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

COLUMNS = ("modality", "description", "loinc_code", "long_common_name")
StudyKey = tuple[str, str]
# How many descriptions a doubt names.
NAMED = 3


@dataclass(frozen=True)
class TableRow:
    """One line of a table: the modality's family and the description, normalised, and the code they have."""

    family: str
    description: str
    loinc_code: str
    long_common_name: str
    line: int


@dataclass(frozen=True)
class Conflict:
    """What a table says twice and differently, or against LOINC; `lines` are lines of the file."""

    kind: str
    what: str
    values: tuple[str, ...]
    lines: tuple[int, ...]

    def sentence(self) -> str:
        """The conflict for people."""
        return f"{self.what}: {' and '.join(self.values)} (lines {', '.join(map(str, self.lines))}): {self.kind}"


@dataclass
class StudyTable:
    """The rows of a table that may be used, and its conflicts. A key with several codes is none of the rows.

    `doubts`: codes that differ though the descriptions state the same; the rows are used, people should look at them.
    """

    rows: list[TableRow] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    doubts: list[Conflict] = field(default_factory=list)
    read: int = 0

    def codes(self) -> dict[StudyKey, TableRow]:
        """The code of each key."""
        return {(row.family, row.description): row for row in self.rows}


def read_delimited(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows of a CSV or TSV file with a header line; UTF-8, a byte order mark is dropped.

    Raises InputError where it is no text, has no header, or a row has more cells than the header.
    """
    header, rows = read_rows(path)
    if len(header) == 1 and "\t" in header[0]:
        header, rows = read_rows(path, "\t")
    if not header:
        raise InputError(f"{path} is empty; a header line with Modality and StudyDescription is expected.")
    for line, row in rows:
        if None in row:
            raise InputError(f"{path}, line {line}: the row has more cells than the header's {len(header)}.")
    return header, [{name: cell or "" for name, cell in row.items()} for _, row in rows]


def column_of(path: Path, header: Iterable[str], name: str, *, required: bool = True) -> str | None:
    """The header's own spelling of a column (`study_table_columns` of choices.yaml lists the spellings).

    Raises InputError where a required column is missing.
    """
    spellings: list[str] = rules().choices["study_table_columns"][name]
    folded = {title.strip().casefold(): title for title in header}
    found = next((folded[spelling.casefold()] for spelling in spellings if spelling.casefold() in folded), None)
    if found is None and required:
        raise InputError(f"{path} has no column {spellings[0]}.", did_you_mean(spellings[0], header))
    return found


def read_table(path: Path) -> StudyTable:
    """Read a table, normalise its keys and find its conflicts.

    Conflicts: two codes for one key; two long names for one code; a code whose LOINC method contradicts the modality.
    Rows of the first and of the last kind are left out. Doubts: two codes for descriptions in which the parser reads
    the same. Raises InputError (unreadable, a missing column).
    """
    header, raw = read_delimited(path)
    modality, description = column_of(path, header, "modality"), column_of(path, header, "description")
    code, name = column_of(path, header, "loinc_code"), column_of(path, header, "long_common_name", required=False)
    rows = [
        TableRow(
            normal_modality(row[modality or ""]),
            normal_description(row[description or ""]),
            row[code or ""].strip(),
            row[name].strip() if name else "",
            number,
        )
        for number, row in enumerate(raw, 2)
    ]
    coded = [row for row in rows if row.loinc_code]
    several, unclear = _several_codes(coded)
    contradicting = [row for row in coded if contradicts(row)]
    conflicts = [*several, *_several_names(coded), *map(_contradiction, contradicting)]
    usable = [row for row in coded if row not in contradicting and _key(row) not in unclear]
    return StudyTable(usable, conflicts, _doubts(usable), len(rows))


def contradicts(row: TableRow) -> bool:
    """Whether the method of the row's code is none that its modality allows; false where it is not shipped."""
    code, family = codes().get(row.loinc_code), rules().families.get(row.family)
    return code is not None and family is not None and code.method not in family.allowed


def keep(table: StudyTable) -> Path:
    """Write the table to the user's folder, whole or not at all; returns the file."""
    path = kept_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((row.family, row.description, row.loinc_code, row.long_common_name) for row in table.rows)
    os.replace(draft, path)
    return path


def kept() -> dict[StudyKey, TableRow]:
    """The table that was imported last, by key; empty where none was."""
    path = kept_file()
    if not path.exists():
        return {}
    _, raw = read_delimited(path)
    rows = (
        TableRow(row["modality"], row["description"], row["loinc_code"], row["long_common_name"], number)
        for number, row in enumerate(raw, 2)
    )
    return {_key(row): row for row in rows}


def kept_file() -> Path:
    """Where the imported table is kept."""
    return user_folder() / "study_description_loinc.tsv"


def _key(row: TableRow) -> StudyKey:
    return row.family, row.description


def _several_codes(rows: list[TableRow]) -> tuple[list[Conflict], set[StudyKey]]:
    by_key: dict[StudyKey, list[TableRow]] = defaultdict(list)
    for row in rows:
        by_key[_key(row)].append(row)
    unclear = {key: found for key, found in by_key.items() if len({row.loinc_code for row in found}) > 1}
    conflicts = [
        Conflict(
            "two codes for one study description",
            f"{key[0] or 'no modality'} {key[1] or '(blank)'}",
            tuple(sorted({row.loinc_code for row in found})),
            tuple(row.line for row in found),
        )
        for key, found in unclear.items()
    ]
    return conflicts, set(unclear)


def _first(names: list[str]) -> str:
    more = len(names) - NAMED
    return "; ".join(names[:NAMED]) + (f"; and {more} more" if more > 0 else "")


def _doubts(rows: list[TableRow]) -> list[Conflict]:
    by_statement: dict[Statement, list[TableRow]] = defaultdict(list)
    for row in rows:
        stated = statement(read_parts(row.family, row.description))
        if stated is not None:
            by_statement[stated].append(row)
    return [
        Conflict(
            "two codes for descriptions that state the same",
            _first(sorted({f"{row.family} {row.description}" for row in found})),
            tuple(sorted({row.loinc_code for row in found})),
            tuple(row.line for row in found),
        )
        for found in by_statement.values()
        if len({row.loinc_code for row in found}) > 1
    ]


def _several_names(rows: list[TableRow]) -> list[Conflict]:
    by_code: dict[str, list[TableRow]] = defaultdict(list)
    for row in rows:
        if row.long_common_name:
            by_code[row.loinc_code].append(row)
    return [
        Conflict(
            "two long names for one code",
            code,
            tuple(sorted({row.long_common_name for row in found})),
            tuple(row.line for row in found),
        )
        for code, found in by_code.items()
        if len({row.long_common_name for row in found}) > 1
    ]


def _contradiction(row: TableRow) -> Conflict:
    return Conflict(
        "the code's method contradicts the modality",
        f"{row.family} {row.description or '(blank)'}",
        (f"{row.loinc_code} of method {codes()[row.loinc_code].method}",),
        (row.line,),
    )
