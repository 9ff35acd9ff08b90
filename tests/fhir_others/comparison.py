"""OMOP beside the independent reading of the same files: persons, dates, codes, numbers and units, record by record."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, fields
from pathlib import Path

import omop_rows
import plain_count
from duckdb import DuckDBPyConnection


@dataclass
class Counts:
    """How many of each there are."""

    persons: int = 0
    records: int = 0
    dates: int = 0
    codes: int = 0
    numbers: int = 0
    units: int = 0

    def line(self) -> list[str]:
        """The numbers as they are shown."""
        return [f"{getattr(self, one.name):,}" for one in fields(self)]


@dataclass
class Comparison:
    """What the files say, what OMOP holds, and the sentences about records in which these differ."""

    plain: Counts
    omop: Counts
    differences: list[str]


def compare(con: DuckDBPyConnection, files: list[Path]) -> Comparison:
    """Read the files by plain Python and compare them with the OMOP rows of the store."""
    delivery = plain_count.read(files)
    people, facts = plain_count.persons(delivery), list(plain_count.facts(delivery))
    held = omop_rows.held(con)
    found = Comparison(Counts(persons=len(people)), Counts(persons=len(omop_rows.persons(con))), [])
    odd = people ^ omop_rows.persons(con)
    # An id that is somebody's name has a hash in its place (docs/privacy.md).
    hashed = {name for name in odd if name.startswith("x-")}
    if len(odd) == 2 * len(hashed):
        odd = set()
    found.differences += [f"Patient/{name} is a person on one side alone" for name in sorted(odd)]
    for fact in facts:
        _compare(fact, held.pop(fact.key, omop_rows.Held()), found)
    for key in sorted(held):
        if key.partition("/")[0] in plain_count.DATES:
            found.differences.append(f"{key} has rows in OMOP, and none are expected")
    return found


def _compare(fact: plain_count.Fact, record: omop_rows.Held, found: Comparison) -> None:
    plain, omop = found.plain, found.omop
    plain.records += 1
    plain.dates += 1
    omop.records += bool(record.persons)
    omop.dates += fact.date in record.dates
    plain.codes += bool(fact.codes)
    known = record.codes and record.codes <= _spellings(fact.codes)
    omop.codes += bool(fact.codes) and bool(known)
    plain.numbers += len(fact.numbers)
    plain.units += sum(bool(units) for _, units in fact.numbers)
    there = [(value, units, _unit_of(value, record)) for value, units in fact.numbers]
    omop.numbers += sum(unit is not _ABSENT for _, _, unit in there)
    omop.units += sum(bool(units) and unit in units for _, units, unit in there)
    wrong = [f"number {value}" for value, units, unit in there if unit is _ABSENT or (units and unit not in units)]
    if record.persons != {fact.person}:
        wrong.append("person" if record.persons else "no row")
    elif record.dates != {fact.date}:
        wrong.append(f"date {fact.date}, not {sorted(record.dates)}")
    elif fact.codes and not known:
        wrong.append(f"code {sorted(record.codes)}")
    if fact.denied and record.tables - {"observation"}:
        wrong.append(f"an event in {sorted(record.tables)}, though it was not")
    if len({value for value, _ in record.numbers}) > len(fact.numbers):
        wrong.append("more numbers than were sent")
    if wrong:
        found.differences.append(f"{fact.key}: {', '.join(wrong)}")


_ABSENT = "\0"


def _unit_of(value: float, record: omop_rows.Held) -> str | None:
    """The unit beside a number of the record, _ABSENT where the number is not there."""
    close = [unit for number, unit in record.numbers if math.isclose(number, value, rel_tol=1e-9)]
    return close[0] if close else _ABSENT


def _spellings(codes: frozenset[str]) -> set[str]:
    """As a source value has them: over 50 characters it is cut, with its hash (docs/conventions.md)."""
    cut = {code[:41] + "~" + hashlib.sha256(code.encode()).hexdigest()[:8] for code in codes if len(code) > 50}
    return codes | cut
