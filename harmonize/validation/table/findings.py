"""Run the rules over a staged file: one statement a rule, into harmonize.finding; texts are joined when shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from harmonize.engine.errors import InputError, nearest
from harmonize.engine.paths import sql
from harmonize.engine.progress import reached
from harmonize.engine.sql_text import literal, quote
from harmonize.schema.cells import cell_sql, missing_texts
from harmonize.validation.class_reads import ClassReads
from harmonize.validation.keys import record_key, record_key_sql
from harmonize.validation.privacy import cells as private_cells
from harmonize.validation.rules import Rule, RuleText, date_formats, declared_rules, plain_rules, rule_texts
from harmonize.validation.table.units import FEWEST, fitting_unit, may_be_judged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef, Slot

LONGEST_VALUE = 200
# The time to plan a scan grows with the square of its tests.
_AT_ONCE = 50


def create_tables(con: DuckDBPyConnection) -> None:
    """Create finding, rule, file_column and expectation in schema harmonize where they are not, and the
    rules.
    """
    con.execute("CREATE SCHEMA IF NOT EXISTS harmonize")
    for table in ("rule", "finding", "file_column", "expectation"):
        con.execute(sql(f"store/tables/{table}"))
    register_rules(con)


def register_rules(con: DuckDBPyConnection) -> dict[str, int]:
    """Bring harmonize.rule up to sql/validation/rules/; a rule keeps its number for good. Returns id →
    number.
    """
    rows = con.execute("SELECT rule, rule_id, severity, scope, message, hint FROM harmonize.rule").fetchall()
    known = {row[0]: row[1:] for row in rows}
    numbers = {rule: row[0] for rule, row in known.items()}
    last = max(numbers.values(), default=0)
    new = [text for rule, text in rule_texts().items() if rule not in known]
    numbers |= {text.rule: number for number, text in enumerate(new, start=last + 1)}
    if new:
        con.execute(
            "INSERT INTO harmonize.rule SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6)",
            [
                [numbers[text.rule] for text in new],
                [text.rule for text in new],
                *map(list, zip(*map(_said, new), strict=True)),
            ],
        )
    for rule, text in rule_texts().items():
        if rule in known and known[rule][1:] != _said(text):
            con.execute(
                "UPDATE harmonize.rule SET severity = ?, scope = ?, message = ?, hint = ? WHERE rule = ?",
                [*_said(text), rule],
            )
    return numbers


def _said(text: RuleText) -> tuple[str, str, str, str]:
    return text.severity, text.scope, text.message, text.hint


def masked(value: str) -> str:
    """SQL for a value that may not be shown: only a class of its length stays."""
    return (
        f"CASE WHEN {value} IS NULL THEN NULL WHEN length({value}) <= 10 THEN '***'"
        f" WHEN length({value}) <= 100 THEN '*** (11 to 100 characters)' ELSE '*** (over 100 characters)' END"
    )


def stored(slot: Slot | None, value: str) -> str:
    """SQL for a value as a finding keeps it: hidden where its slot is marked phi, else cut."""
    if slot is not None and slot.annotations.get("phi", "").lower() == "true":
        return masked(value)
    return f"left({value}, {LONGEST_VALUE})"


@dataclass
class _File:
    """One staged file under check, with the numbers of its columns and of the rules."""

    con: DuckDBPyConnection
    staged: Staged
    submission: int
    rules: dict[str, int]
    columns: dict[str, int]  # safe name → column_id

    def add(self, rule: str, line: int | None = None, column: int | None = None, value: str | None = None) -> None:
        self.con.execute(
            "INSERT INTO harmonize.finding VALUES (?, ?, ?, ?, ?, ?)",
            [self.submission, self.rules[rule], self.staged.file_id, line, column, value],
        )

    def add_columns(self, rule: str, columns: Sequence[int]) -> None:
        """A finding on each of the columns as a whole."""
        if columns:
            self.con.execute(
                "INSERT INTO harmonize.finding SELECT ?, ?, ?, NULL, unnest(?::INTEGER[]), NULL",
                [self.submission, self.rules[rule], self.staged.file_id, list(columns)],
            )

    def expect(self, rule: str, column: int | None, expected: str | None, choices: Sequence[str] | None = None) -> None:
        if expected is not None or choices is not None:
            self.con.execute(
                "INSERT INTO harmonize.expectation VALUES (?, ?, ?, ?, ?)",
                [
                    self.staged.file_id,
                    column,
                    self.rules[rule],
                    expected,
                    None if choices is None else list(choices),
                ],
            )


def check(
    con: DuckDBPyConnection,
    staged: Staged,
    schema_class: ClassDef | None,
    submission_id: int,
    *,
    has_functions: bool = False,
    reads: ClassReads = ClassReads(),
    tokens: bool = False,
) -> None:
    """Check a staged file and insert its findings; `schema_class` None checks its structure only. `reads` is what the
    mapping reads of the class, `tokens` says that names are known for which texts are looked over (see identity).

    The tables of `create_tables` must exist; `has_functions` says that those of sql/functions.sql do, too, which takes
    as long to ensure as to check a small file. Raises InputError for a schema whose rules cannot be run.
    """
    reached(0.0, 0.1)
    if not has_functions:
        con.execute(sql("functions"))
    numbers = {name: number for number, name in enumerate(staged.names, start=1)}
    file = _File(con, staged, submission_id, register_rules(con), dict(numbers))
    _write_columns(file, schema_class)
    _structure(file)
    if schema_class is None:
        rules = [rule for name in staged.names for rule in plain_rules(name)]
    else:
        _columns(file, schema_class)
        _empty_columns(file, schema_class)
        _other_units(file, schema_class)
        rules = [rule for rule in declared_rules(schema_class) if {rule.slot.name, *rule.others} <= numbers.keys()]
    reached(0.1, 0.2)
    _cells(file, [rule for rule in rules if staged.controls or rule.rule != "control_characters"])
    reached(0.6, 0.7)
    if schema_class is not None:
        _keys(file, schema_class)
    reached(0.7)
    private_cells.check(con, staged, schema_class, submission_id, file.rules, reads, tokens=tokens)


def note_file(
    con: DuckDBPyConnection, submission: int, file_id: int, rule: str, value: str | None, expected: str | None = None
) -> None:
    """Insert a finding on a file as a whole; `value` and `expected` stand in the rule's message."""
    (number,) = con.execute("SELECT rule_id FROM harmonize.rule WHERE rule = ?", [rule]).fetchone() or (None,)
    con.execute("INSERT INTO harmonize.finding VALUES (?, ?, ?, NULL, NULL, ?)", [submission, number, file_id, value])
    if expected is not None:
        con.execute(
            "INSERT INTO harmonize.expectation VALUES (?, NULL, ?, ?, NULL)",
            [file_id, number, expected],
        )


def _write_columns(file: _File, schema_class: ClassDef | None) -> None:
    for table in ("file_column", "expectation"):
        file.con.execute(f"DELETE FROM harmonize.{table} WHERE file_id = ?", [file.staged.file_id])
    headers = dict(zip(file.staged.names, file.staged.headers, strict=True))
    for slot in schema_class.slots.values() if schema_class else ():
        if slot.name not in file.columns:
            file.columns[slot.name] = len(file.columns) + 1
            headers[slot.name] = slot.header
    file.con.execute(
        "INSERT INTO harmonize.file_column SELECT $file, unnest($numbers), unnest($names), unnest($headers)",
        {
            "file": file.staged.file_id,
            "numbers": list(file.columns.values()),
            # a header that is hidden is not kept in the name that is made of it, either
            "names": [headers[name] if headers[name].startswith("***") else name for name in file.columns],
            "headers": [headers[name] for name in file.columns],
        },
    )


def _structure(file: _File) -> None:
    headers = {header: number for number, header in reversed(list(enumerate(file.staged.headers, start=1)))}
    found = file.staged.findings
    file.con.execute(
        "INSERT INTO harmonize.finding SELECT $submission, unnest($rules), $file, unnest($lines::BIGINT[]),"
        " unnest($columns::INTEGER[]), unnest($values::VARCHAR[])",
        {
            "submission": file.submission,
            "file": file.staged.file_id,
            "rules": [file.rules[finding.rule] for finding in found],
            "lines": [finding.line for finding in found],
            "columns": [None if finding.column is None else headers[finding.column] for finding in found],
            "values": [finding.value for finding in found],
        },
    )
    file.expect("ragged", None, str(len(headers)))
    cases = " ".join(f"WHEN {literal(rule)} THEN {number}" for rule, number in file.rules.items())
    file.con.execute(
        f"INSERT INTO harmonize.finding SELECT ?, CASE rule {cases} END, file_id, line, NULL,"
        " CASE WHEN rule = 'ragged' THEN cells::VARCHAR END FROM stage.bad_line WHERE file_id = ?",
        [file.submission, file.staged.file_id],
    )


def _columns(file: _File, schema_class: ClassDef) -> None:
    """Missing, renamed and extra columns: an unknown header near a missing one is taken for that one renamed. Of a
    class that says `optional_columns_expected: "false"` a file leaves out the optional columns that it does not need.
    Columns that the class names under `ignored_columns` are not read, and nothing is said of them.
    """
    ignored = schema_class.annotations.get("ignored_columns", "").split("|")  # a blank header has its own finding
    expected = schema_class.annotations.get("optional_columns_expected") != "false"
    present = set(file.staged.names)
    absent = {slot.header: slot for slot in schema_class.slots.values() if slot.name not in present}
    renamed: set[str] = set()
    extra = [
        (name, header)
        for name, header in zip(file.staged.names, file.staged.headers, strict=True)
        if name not in schema_class.slots and header not in ignored
    ]
    for name, header in extra:
        number = file.columns[name]
        near = nearest(header, absent.keys() - renamed)
        if near is None:
            file.add("extra_column", None, number)
        else:
            renamed.add(near)
            file.add("renamed_column", None, number)
            file.expect("renamed_column", number, near)
    needed = [slot for slot in absent.values() if slot.required or slot.identifier]
    file.add_columns("missing_column", [file.columns[slot.name] for slot in needed])
    if expected:
        optional = [slot for header, slot in absent.items() if slot not in needed and header not in renamed]
        file.add_columns("missing_optional_column", [file.columns[slot.name] for slot in optional])


def _empty_columns(file: _File, schema_class: ClassDef) -> None:
    """Columns without any value; those that are required have a finding on every line already."""
    where = rule_texts()["empty_column"].where or ""
    slots = [
        slot
        for slot in schema_class.slots.values()
        if slot.name in file.staged.names
        and not (slot.required or slot.identifier or slot.annotations.get("may_be_empty") == "true")
    ]
    if not slots:
        return
    missing = missing_texts(schema_class)
    tests = ", ".join(where.replace("{cell}", cell_sql(slot, missing)) for slot in slots)
    row = file.con.execute(f"SELECT {tests} FROM {file.staged.table}").fetchone()
    empty = [file.columns[slot.name] for slot, is_empty in zip(slots, row or (), strict=True) if is_empty]
    file.add_columns("empty_column", empty)


def _other_units(file: _File, schema_class: ClassDef) -> None:
    """Columns whose median lies where it would be likely in another unit."""
    slots = [slot for slot in schema_class.slots.values() if slot.name in file.staged.names and may_be_judged(slot)]
    if not slots:
        return
    cells = [f"number({cell_sql(slot, missing_texts(schema_class))})" for slot in slots]
    row = file.con.execute(
        f"SELECT {', '.join(f'count({cell}), median({cell})' for cell in cells)} FROM {file.staged.table}"
    ).fetchone()
    for slot, count, median in zip(slots, (row or ())[::2], (row or ())[1::2], strict=True):
        unit = fitting_unit(slot, median) if count >= FEWEST else None
        if unit is not None:
            column = file.columns[slot.name]
            file.add("other_unit", None, column, f"their median is {median:g}, which would fit as {unit}")
            file.expect("other_unit", column, slot.unit)


def _cells(file: _File, rules: list[Rule]) -> None:
    """Collect the bad cells of the rules that find any: all guards are tried in one scan, then the rules behind
    those that were met, so that a sound file is read once and cheaply."""
    _try_out(file.con, rules)
    met = _met(file, list(dict.fromkeys(rule.guard for rule in rules)))
    guarded = [rule for rule in rules if rule.guard in met]
    reached(0.2, 0.4)
    met |= _met(file, [rule.where for rule in guarded if rule.where not in met])
    for number, rule in enumerate(guarded):
        reached(0.4 + 0.2 * number / len(guarded), 0.4 + 0.2 * (number + 1) / len(guarded))
        if rule.where not in met:
            continue
        column = file.columns[rule.slot.name]
        shown = stored(rule.slot, rule.shown)
        file.con.execute(
            f"INSERT INTO harmonize.finding SELECT ?, ?, ?, line_, ?, {shown} FROM {file.staged.table}"
            f" WHERE {rule.where}",
            [file.submission, file.rules[rule.rule], file.staged.file_id, column],
        )
        file.expect(rule.rule, column, rule.expected, rule.choices)


def _met(file: _File, conditions: list[str]) -> set[str]:
    """Those of the conditions that are true of any row."""
    met: set[str] = set()
    for start in range(0, len(conditions), _AT_ONCE):
        some = conditions[start : start + _AT_ONCE]
        tests = ", ".join(f"bool_or({condition})" for condition in some)
        row = file.con.execute(f"SELECT {tests} FROM {file.staged.table}").fetchone()
        met |= {condition for condition, is_met in zip(some, row or (), strict=True) if is_met}
    return met


def _try_out(con: DuckDBPyConnection, rules: list[Rule]) -> None:
    """Refuse a pattern or date format that DuckDB does not know, each tried once, on a connection of its own: an error
    there does not break the caller's transaction.
    """
    tried: dict[str, Rule] = {}
    for rule in rules:
        if rule.rule == "pattern":
            tried.setdefault(f"regexp_matches('x', {literal(rule.slot.pattern or '')})", rule)
        elif rule.rule == "type_date":
            for form in date_formats(rule.slot):
                tried.setdefault(f"try_strptime('x', {literal(form)})", rule)
    with con.cursor() as apart:
        for call, rule in tried.items():
            try:
                apart.execute(f"SELECT {call}")
            except duckdb.Error as error:
                reason = str(error).splitlines()[0]
                raise InputError(
                    f"The {rule.rule} of column {rule.slot.header} cannot be used: {reason}",
                    "Patterns are regular expressions of RE2 (no look-around), formats those of strptime.",
                ) from error


def _keys(file: _File, schema_class: ClassDef) -> None:
    """The record's own key, and every other unique key of the class of which the file has all columns. An empty part of
    the own key counts as empty, as it does in a load; another key with an empty part is none."""
    missing = missing_texts(schema_class)
    own = tuple(slot.name for slot in record_key(schema_class))
    _no_key(file, schema_class)
    for key in dict.fromkeys((*filter(None, [own]), *schema_class.unique_keys)):
        present = [name for name in key if name in file.staged.names]
        if not present or (len(present) < len(key) and key != own):
            continue
        slots = [schema_class.slots[name] for name in present]
        cells = [f"trim({cell_sql(slot, missing)})" for slot in slots]
        hidden = next((slot for slot in slots if slot.annotations.get("phi", "").lower() == "true"), slots[0])
        if key == own:
            key_sql = record_key_sql(schema_class, file.staged.names, lambda slot: cell_sql(slot, missing))
            shown = cells[0] if len(cells) == 1 else f"concat_ws('|', {', '.join(cells)})"
        else:  # what divides the parts may stand in one of them
            key_sql = " || '|' || ".join(f"replace({cell}, '|', '%7C')" if len(cells) > 1 else cell for cell in cells)
            shown = " || '|' || ".join(cells)
        counts = file.con.execute(
            f"SELECT count({key_sql}) = count(DISTINCT {key_sql}) FROM {file.staged.table}"
        ).fetchone()
        if counts and counts[0]:
            continue
        statement = sql("validation/unique_key").format(
            table=file.staged.table,
            key=f"nullif({key_sql}, '')",
            shown=stored(hidden, shown),
            cells=", ".join(f"coalesce({quote(name)}, '')" for name in file.staged.names),
        )
        parameters = {
            "submission": file.submission,
            "file": file.staged.file_id,
            "column": file.columns[present[0]],
            "unique_key": file.rules["unique_key"],
            "repeated_record": file.rules["repeated_record"],
        }
        file.con.execute(statement, parameters)


def _no_key(file: _File, schema_class: ClassDef) -> None:
    """Records that nothing names: all of a class without a key, and those of which every part of the key is empty. An
    empty identifier has the finding `required` already."""
    if any(slot.identifier for slot in schema_class.slots.values()):
        return
    missing = missing_texts(schema_class)
    key_sql = record_key_sql(schema_class, file.staged.names, lambda slot: cell_sql(slot, missing))
    told = ", ".join(slot.header for slot in record_key(schema_class)) or None
    file.con.execute(
        f"INSERT INTO harmonize.finding SELECT ?, ?, ?, line_, NULL, ? FROM {file.staged.table} "
        f"WHERE {key_sql} IS NULL",
        [file.submission, file.rules["no_key"], file.staged.file_id, told or "a key"],
    )
