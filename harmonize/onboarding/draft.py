"""A first draft of a site's mapping from the profile of its files: what each table is, and what is to be decided."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.engine.sql_text import literal
from harmonize.engine.yaml_text import read_yaml
from harmonize.intake.table.header import listed
from harmonize.onboarding.column import OF_PERSONS
from harmonize.onboarding.keys import constant_within
from harmonize.onboarding.meaning import rules, words
from harmonize.validation.rules import NULL_TEXTS

if TYPE_CHECKING:
    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.file_scan import FileScan
    from harmonize.onboarding.scan import Scan

_MOST_LISTED = 40
_SHOWN = 5
_SHORT = 3
"""Words so short are never looked for within a value."""
_LISTED = frozenset({"sex", "race", "ethnicity", "death"})
_OF_EVENTS = (
    "test_name",
    "medication",
    "diagnosis_code",
    "diagnosis",
    "day",
    "date",
    "admission_day",
    "admission_date",
)
_DIAGNOSES = ("diagnosis_code", "diagnosis")
_UNDOTTED = "regexp_full_match(trim(value, ' '), '[A-Za-z][0-9][0-9A-Za-z]{2,5}')"
SITE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass
class Table:
    """One class of the drafted source schema. `columns` by meaning, the first of each; `listed` are the columns whose
    values are an enum, `flags` those that say Yes and No and have no meaning of their own, of which `conditions` names
    the conditions; `constant` those with one value for each patient;
    `over_89` are the texts that tell of an age that it is over 89, `repeated` the headers of what was drafted as one
    row a patient, `on_index` those of what was drafted on the day of the event, `undotted` the columns of ICD-10 codes
    of which some lack their point; of a table that `counts_otherwise` days are counted from another event."""

    name: str
    file: FileScan
    columns: dict[str, ColumnScan]
    flags: list[ColumnScan]
    listed: dict[str, list[str]]
    key: tuple[str, ...]
    constant: set[str] = field(default_factory=set)
    over_89: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    on_index: list[str] = field(default_factory=list)
    conditions: set[str] = field(default_factory=set)
    counts_otherwise: bool = False
    undotted: set[str] = field(default_factory=set)
    is_person: bool = False
    used: set[str] = field(default_factory=set)

    def role(self, column: ColumnScan) -> str | None:
        """The meaning for which the table is drafted by this column, else what the column seems to be."""
        return next((meaning for meaning, own in self.columns.items() if own is column), column.meaning)

    @property
    def patient(self) -> str | None:
        """The name of the column that names the patient."""
        return self.columns["patient"].name if "patient" in self.columns else None


@dataclass
class Draft:
    """The draft as it grows. `site` is the mapping's name, `policy` the time policy, `event` that from which days are
    counted, if a header says so; `units` are those of UCUM that the vocabulary knows, by all their spellings;
    `decisions` holds sentences by topic."""

    site: str
    policy: str
    tables: list[Table]
    units: frozenset[str] = frozenset()
    event: str | None = None
    decisions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def vocabulary(self) -> str:
        """The prefix of the site's own values."""
        return self.site.upper()

    def decide(self, topic: str, sentence: str) -> None:
        """Note what a person must decide."""
        self.decisions.setdefault(topic, []).append(sentence)


@cache
def drafts() -> dict[str, Any]:
    """mappings/onboarding/entries.yaml."""
    found: dict[str, Any] = read_yaml(root("mappings") / "onboarding" / "entries.yaml")
    return found


def new_draft(scan: Scan, site: str, units: frozenset[str]) -> Draft:
    """The tables of a draft with their keys and lists.

    Raises InputError for a name that a mapping cannot have, and where no table has a column that names patients.
    """
    if not SITE.fullmatch(site):
        raise InputError(f"{site!r} cannot be a mapping's name.", "Use small letters, digits and _, e.g. lakeside.")
    names: set[str] = set()
    tables = [_table(scan, file, names) for file in scan.files]
    if not any(table.patient for table in tables):
        told = "; ".join(f"{file.name}: {listed([c.header for c in file.columns], 8)}" for file in scan.files[:3])
        raise InputError(
            "No column is named like one that holds the patient's id.",
            f"Say which it is: --meaning 'HEADER=patient'. The columns are {told}",
        )
    by_day = any(meaning in table.columns for table in tables for meaning in ("day", "admission_day", "death_day"))
    draft = Draft(site, "offset" if by_day else "as_is", tables, units)
    _decide_events(draft)
    _decide_keys(draft)
    _decide_columns(scan, draft)
    return draft


def _table(scan: Scan, file: FileScan, names: set[str]) -> Table:
    columns: dict[str, ColumnScan] = {}
    for column in file.columns:
        if column.meaning and not column.hidden:
            columns.setdefault(column.meaning, column)
    every = {column.name: _all_values(scan, file, column) for column in file.columns if _may_be_listed(column)}
    flags = [column for column in file.columns if column.meaning is None and _is_flag(column)]
    listed = {
        column.name: every[column.name]
        for column in file.columns
        if column.name in every and (column.meaning in _LISTED or _is_flag(column))
    }
    race = columns.get("race")
    if race and "ethnicity" not in columns and any(known_ethnicity(value) for value in listed.get(race.name, [])):
        columns["origin"] = race  # one column tells both
    if {"covid_result", "test_name"} <= columns.keys() and "test_value" not in columns:
        columns["covid_test_name"] = columns.pop("test_name")  # it names the test of which only this result is told
    patient = columns.get("patient")
    constant = constant_within(scan.con, file, patient.name) if patient else set()
    key = _key(file, columns, constant)
    table = Table(_class_name(file.name, names), file, columns, flags, listed, key, constant)
    if "age" in columns:
        table.over_89 = [value for value, _ in odd_values(scan, file, columns["age"], rules()["over_89"])]
    codes = [column for column in file.columns if column.meaning == "diagnosis_code" and not column.hidden]
    table.undotted = {c.name for c in codes if column_values(scan, file, c, only=_UNDOTTED, most=1)}
    if patient:
        table.is_person = key == (patient.name,) and bool(OF_PERSONS & columns.keys())
    return table


def listed_as(name: str, value: str) -> str | None:
    """What a value of the source means in a list of entries.yaml; None where that is not known.

    Where the list has codes, a value may hold several words of such lists (`Hispanic white`); it is known if those of
    this list agree and no denial is left.
    """
    said = value.strip().lower()
    known = _words(name)
    if said in known or name not in drafts()["codes"]:
        return known.get(said)
    every = {word for other in drafts()["codes"] for word in _words(other) if len(word) > _SHORT}
    found = set()
    for word in sorted(every, key=lambda word: (-len(word), word)):
        said, times = re.subn(rf"(?<![\w-]){re.escape(word)}(?![\w-])", " ", said)
        if times and word in known:
            found.add(known[word])
    return found.pop() if len(found) == 1 and not re.search(r"\b(no|not|none|non|nor|other)\b", said) else None


def _words(name: str) -> dict[str, str]:
    return {word: str(target) for target, known in drafts()["lists"][name].items() for word in known}


def known_ethnicity(value: str) -> bool:
    """Whether a value tells an ethnicity, alone or beside a race."""
    return listed_as("ethnicity", value) not in (None, "Not Reported")


def odd_values(scan: Scan, file: FileScan, column: ColumnScan, like: str = ".*") -> list[tuple[str, int]]:
    """Values that are not of the column's kind and match `like` as a whole, with their cells, most frequent first."""
    readers = {"integer": "whole(value)", "feet": "feet_and_inches(value)", "result": "result_number(value)"}
    fits = readers.get(column.kind, "number(value)")
    if column.formats:
        fits = f"to_datetime(value, {literal(column.formats[0])})"
    rows = column_values(
        scan, file, column, only=f"{fits} IS NULL AND regexp_full_match(lower(trim(value, ' ')), {literal(like)})"
    )
    return [(value, cells) for value, _, cells in rows]


def _is_flag(column: ColumnScan) -> bool:
    return column.kind == "flag" and not column.hidden and not column.private


def _may_be_listed(column: ColumnScan) -> bool:
    # 1 and 2 for a sex are a list, too
    kinds = ("text", "flag", "integer") if column.meaning in _LISTED else ("text", "flag")
    return not column.hidden and not column.private and 0 < column.distinct <= _MOST_LISTED and column.kind in kinds


def _all_values(scan: Scan, file: FileScan, column: ColumnScan) -> list[str]:
    """All values of a short column, those that say that there is nothing left out."""
    return [value for value, _, _ in column_values(scan, file, column)]


def column_values(
    scan: Scan, file: FileScan, column: ColumnScan, *, folded: bool = False, most: int = 500, only: str = "true"
) -> list[tuple[str, str, int]]:
    """The most frequent values of a column: the value (`folded`: in small letters without outer blanks), its most
    frequent spelling, and its cells; without those that may identify a person, or say that there is nothing, and
    `only` those for which this SQL is true."""
    if file.staged is None:
        return []
    value = "lower(trim(value, blanks()))" if folded else "value"
    return scan.con.execute(
        f"SELECT {value} AS said, trim(arg_max(value, (n, value)), blanks()), sum(n)::BIGINT AS cells"
        " FROM profile_value WHERE file_id = ? AND column_id = ? AND NOT private"
        f" AND NOT list_contains(?::VARCHAR[], value) AND ({only}) GROUP BY said ORDER BY cells DESC, said LIMIT ?",
        [file.staged.file_id, file.columns.index(column) + 1, missing_words(scan, file), most],
    ).fetchall()


def missing_words(scan: Scan, file: FileScan) -> list[str]:
    """The words of the table that say that there is nothing, as it writes them; not those that stand among few values
    of a list, where None may be an answer."""
    if file.staged is None:
        return []
    rows = scan.con.execute(
        "SELECT DISTINCT value FROM profile_value WHERE file_id = ? AND list_contains(?, lower(trim(value, ' ')))"
        " ORDER BY value",
        [file.staged.file_id, [*(set(NULL_TEXTS) - {"none", "nil"}), *rules()["missing_numbers"]]],
    ).fetchall()
    return [row[0] for row in rows]


def _key(file: FileScan, columns: dict[str, ColumnScan], constant: set[str]) -> tuple[str, ...]:
    """What identifies a record: a column that names it, the patient alone, another single column.

    Else several columns, day and date among them, so that a later line of the same thing is another record; else all.
    A diagnosis that is the same on all lines of a patient adds nothing.
    """
    singles = [key[0] for key in file.keys if len(key) == 1]
    for meaning in ("study_uid", "record", "patient"):
        if meaning in columns and columns[meaning].name in singles:
            if meaning == "patient" and not OF_PERSONS & columns.keys():
                break  # one line a patient, so far: what the line tells of belongs to its key
            return (columns[meaning].name,)
    else:
        if singles:
            return (singles[0],)
    chosen = file.keys[0] if file.keys else tuple(column.name for column in file.columns if column.filled)
    told_once = constant if "patient" in columns and columns["patient"].distinct < file.records else set()
    more = [
        columns[meaning].name
        for meaning in _OF_EVENTS
        if meaning in columns and not (meaning in _DIAGNOSES and columns[meaning].name in told_once)
    ]
    return tuple(dict.fromkeys((*chosen, *more)))


def _class_name(file_name: str, names: set[str]) -> str:
    sheet = file_name.rpartition("#")[2] if "#" in file_name else re.sub(r"(\.[A-Za-z]{1,7}){1,2}$", "", file_name)
    base = re.sub(r"\W+", "_", sheet.rpartition("/")[2].rpartition("!")[2].lower()).strip("_") or "table"
    base = f"t_{base}" if base[0].isdigit() else base
    name, number = base, 1
    while name in names:
        number += 1
        name = f"{base}_{number}"
    names.add(name)
    return name


def event_of(header: str) -> str | None:
    """The event from which a header says that it counts days, None where it names none or several."""
    said = words(header)
    if found := re.search(r"\b(?:from|since|after|post|of) (.*?)(?: to |$)", said) or re.search(r"^(.*?) to ", said):
        said = found[1]
    elif not re.search(r"\b(pod|post ?op\w*|hospital days?)\b", said):
        return None
    named = [name for name, pattern in rules()["events"].items() if re.search(pattern, said)]
    return named[0] if len(named) == 1 else None


def _decide_events(draft: Draft) -> None:
    """The event of the days; columns that count from another one date nothing."""
    for table in draft.tables:
        column = table.columns.get("day")
        event = event_of(column.header) if column else None
        if column is None or event is None:
            continue
        draft.event = draft.event or event
        if event != draft.event:
            del table.columns["day"]
            table.counts_otherwise = True
            draft.decide(
                "Time",
                f"{table.name}: {column.header} counts days from another event ({event}) than the other tables "
                f"({draft.event}), so it dates nothing: have the days of one event sent, or say in start_day how many "
                "days lie between the two.",
            )


def _decide_keys(draft: Draft) -> None:
    for table in draft.tables:
        headers = {column.name: column.header for column in table.file.columns}
        told = " + ".join(headers[name] for name in table.key)
        if len(table.key) == 1:
            draft.decide("Keys", f"{table.name}: a record is identified by {told}. Does that stay so in later exports?")
        else:
            draft.decide(
                "Keys",
                f"{table.name}: no single column identifies a record; drafted is {told}. A corrected line is then "
                "a new record: reload such files with --mode snapshot.",
            )
        if table.patient is None:
            draft.decide("Keys", f"{table.name}: no column seems to name the patient, so nothing is drafted from it.")


def _decide_columns(scan: Scan, draft: Draft) -> None:
    for table in draft.tables:
        for column in table.file.columns:
            if column.hidden:
                found = ", ".join(column.private)
                draft.decide(
                    "Privacy",
                    f"{table.name}: {column.header} may identify a person ({found}). It is excluded and hidden; "
                    "better, have it removed from the export.",
                )
            if len(column.formats) > 1:
                fitting = " and ".join(column.formats)
                draft.decide("Dates", f"{table.name}: {column.header} fits {fitting}; drafted is the first of them.")
            if column.unfit or (table.over_89 and column is table.columns.get("age")):
                _decide_odd(scan, draft, table, column)
            if column.unit:
                basis = "says so itself" if column.unit.basis == "stated" else "is judged by the size of the values"
                draft.decide("Units", f"{table.name}: {column.header} is read in {column.unit.unit}; that {basis}.")


def _decide_odd(scan: Scan, draft: Draft, table: Table, column: ColumnScan) -> None:
    """What is to be decided of the cells that are not of their column's kind."""
    odd = odd_values(scan, table.file, column)
    over_89 = {value: cells for value, cells in odd if column is table.columns.get("age") and value in table.over_89}
    if over_89:
        told = " and ".join(f"'{value}'" for value in over_89)
        draft.decide(
            "Columns",
            f"{table.name}: {column.header} says {told} in {sum(over_89.values()):,} cells: kept as over 89 "
            "(age_at_index_gt89), the others as numbers.",
        )
    left = column.unfit - sum(over_89.values())
    if left > 0 and column.kind != "text":
        shown = ", ".join(f"'{value}'" for value, _ in odd[:_SHOWN] if value not in over_89)
        draft.decide(
            "Columns",
            f"{table.name}: {column.header} holds {column.kind}, but {left:,} cells do not"
            f"{f' ({shown})' if shown else ''}: their values are left out as it stands, and `harmonize validate` shows "
            "them. Correct them; name what stands for nothing in missing_values; or, if they say something, take the "
            "range away in schema.yaml and map them.",
        )
