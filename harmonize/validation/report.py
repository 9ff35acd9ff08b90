"""Reports of findings: text for people, html, and the formats that machines read."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal
from harmonize.engine.work_folder import work_folder
from harmonize.validation.rules import synonyms

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.validation.baseline import Muted
    from harmonize.validation.outcome import Outcome
    from harmonize.validation.profile import ColumnProfile

MAX_FINDINGS = 10_000
_FIELDS = (
    "rule",
    "severity",
    "file",
    "line",
    "position",
    "column",
    "path",
    "record",
    "value",
    "message",
    "hint",
)
_OF_A_LOAD = (
    "refused", "quarantined", "load_errors", "leaves_out", "withdrawn", "knows_persons", "states", "cells",
)  # fmt: skip


@dataclass(frozen=True)
class ReportFile:
    """A file of the delivery: its name for people, the class that it holds (or its format), its records.

    `file_id` is None for a file that was not read; `note` says why. `content` is the class, where a schema says one;
    `profile` what the columns hold, where that was asked for.
    """

    file_id: int | None
    name: str
    kind: str
    records: int
    note: str = ""
    content: str | None = None
    profile: tuple[ColumnProfile, ...] = ()


@dataclass(frozen=True)
class Example:
    """One finding of a group; `value` is cut, and hidden where the slot is marked phi. `place` is of a resource:
    its line or its entry in a Bundle, and its id.
    """

    line: int | None
    value: str | None
    nearest: str | None
    place: str = ""

    @property
    def where(self) -> str:
        """The place in words, empty for a file as a whole."""
        return self.place or ("" if self.line is None else f"line {self.line:,}")


@dataclass(frozen=True)
class Group:
    """The findings of one rule in one column of one file."""

    file_id: int
    rule: str
    severity: str
    scope: str
    message: str
    hint: str
    column: str | None
    expected: str | None
    count: int
    examples: tuple[Example, ...]

    @property
    def value_tells(self) -> bool:
        """Whether a cell's value says enough, as rule and column are told; else the message is needed."""
        return self.scope == "cell" and (
            "{value}" not in self.message or self.message.startswith("{column} is {value}")
        )

    def say(self, template: str, value: str | None = None) -> str:
        """A message or hint of the rule with its names filled in, once: a header may look like a name."""
        known = {"column": self.column, "value": value, "expected": self.expected}
        return re.sub(r"\{(column|value|expected)\}", lambda name: known[name[1]] or "", template)


@dataclass
class Summary:
    """The sums of a report; `truncated` counts the findings that the format left out for --max.

    `refused` says why a load would refuse the delivery, `quarantined` how many records it would quarantine and
    `load_errors` how many errors it would find (None where that was not asked), `withdrawn` how many records are of
    persons who were withdrawn, `knows_persons` whether it can be told who is known. Of a delivery that was loaded
    `states` says how many of its records are in which state, and `cells` how many cells were left out.
    """

    records: int = 0
    errors: int = 0
    warnings: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    truncated: int = 0
    refused: list[str] = field(default_factory=list)
    quarantined: int | None = None
    load_errors: int | None = None
    leaves_out: bool = False
    withdrawn: int = 0
    knows_persons: bool = True
    states: dict[str, int] | None = None
    cells: int = 0

    def to_json(self) -> dict[str, Any]:
        """The object `summary` of the JSON formats; `load` is what a load would make of it, where that was asked."""
        said = {name: value for name, value in self.__dict__.items() if name not in _OF_A_LOAD}
        said["seconds"] = round(self.seconds, 3)
        if self.quarantined is not None:
            said["load"] = {"refused": self.refused, "quarantined": self.quarantined, "errors": self.load_errors}
            if self.withdrawn:
                said["load"]["withdrawn"] = self.withdrawn
        if self.states is not None:
            said["loaded"] = {"states": self.states, "cells_quarantined": self.cells}
        return said


@dataclass
class Report:
    """All that a format needs: sums, files, and the findings in the database."""

    con: DuckDBPyConnection
    files: Sequence[ReportFile]
    summary: Summary
    limit: int
    notes: Sequence[str]
    muted: Muted | None = None

    def groups(self, examples: int) -> list[Group]:
        """Findings by file, rule and column, with the first lines of each."""
        rows = self.con.execute(sql("validation/finding_group"), {"examples": examples}).fetchall()
        return [Group(*(*row[:-1], tuple(Example(**example) for example in row[-1]))) for row in rows]

    def findings(self) -> list[dict[str, Any]]:
        """The first findings, up to the limit; notes how many that leaves out."""
        rows = self.con.execute(f"{sql('validation/finding_output')} LIMIT {self.limit}").fetchall()
        self.summary.truncated = self.summary.errors + self.summary.warnings - len(rows)
        return [dict(zip(_FIELDS, row, strict=True)) for row in rows]


def report(
    con: DuckDBPyConnection,
    files: Sequence[ReportFile],
    out: BinaryIO,
    *,
    format: str = "text",
    limit: int = MAX_FINDINGS,
    seconds: float = 0.0,
    notes: Sequence[str] = (),
    muted: Muted | None = None,
    outcome: Outcome | None = None,
    became: tuple[dict[str, int], int] | None = None,
) -> Summary:
    """Write the findings of `files` (in harmonize.finding) to `out` and return their sums.

    `format` is text, json, jsonl, csv, html, junit, sarif or operationoutcome; jsonl and csv hold all
    findings, the others at most `limit`. `notes` are sentences for people (text and html), `muted` what a baseline
    left out, `outcome` what a load would make of the delivery; `became`, of one that was loaded, how many of
    its records are in which state, and how many cells were left out. Raises InputError for a format that is not known.
    """
    write = writer(format)
    summary = _prepare(con, files)
    summary.seconds = seconds
    if outcome is not None:
        summary.refused = [refusal.message for refusal in outcome.refusals]
        summary.quarantined, summary.load_errors = outcome.quarantined, outcome.errors
        summary.leaves_out = outcome.leaves_out
        summary.withdrawn, summary.knows_persons = outcome.withdrawn, outcome.knows_persons
    if became is not None:
        summary.states, summary.cells = became
    write(Report(con, files, summary, limit, notes, muted), out)
    return summary


def writer(format: str) -> Callable[[Report, BinaryIO], None]:
    """The function that writes a format. Raises InputError for one that is not known."""
    from harmonize.validation import report_html, report_standard, report_text

    writers = {
        "text": report_text.write,
        "json": _json,
        "jsonl": _jsonl,
        "csv": _csv,
        "html": report_html.write,
        "junit": report_standard.junit,
        "sarif": report_standard.sarif,
        "operationoutcome": report_standard.operation_outcome,
    }
    if format not in writers:
        raise InputError(f"There is no format {format!r}.", did_you_mean(format, writers))
    return writers[format]


def _prepare(con: DuckDBPyConnection, files: Sequence[ReportFile]) -> Summary:
    con.execute("CREATE OR REPLACE TEMP TABLE report_file (file_id INTEGER, name VARCHAR)")
    read = [file for file in files if file.file_id is not None]
    con.execute(
        "INSERT INTO report_file SELECT unnest(?::INTEGER[]), unnest(?::VARCHAR[])",
        [[file.file_id for file in read], [file.name for file in read]],
    )
    con.execute("CREATE OR REPLACE TEMP TABLE synonym (text VARCHAR, value VARCHAR)")
    con.execute(
        "INSERT INTO synonym SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [
            [text for text, meant in synonyms().items() for _ in meant],
            [v for meant in synonyms().values() for v in meant],
        ],
    )
    con.execute(sql("validation/finding_record"))
    con.execute(sql("validation/finding_nearest"))
    con.execute(sql("validation/finding_template"))
    con.execute(sql("validation/finding_text"))
    con.execute(sql("validation/cell_text"))
    rows = con.execute(
        "SELECT rule, severity, count(*) FROM harmonize.finding JOIN report_file USING (file_id)"
        " JOIN harmonize.rule USING (rule_id) GROUP BY ALL ORDER BY 1"
    ).fetchall()
    return Summary(
        records=sum(file.records for file in files),
        errors=sum(count for _, severity, count in rows if severity == "error"),
        warnings=sum(count for _, severity, count in rows if severity == "warning"),
        rules={rule: count for rule, _, count in rows},
    )


def _json(report: Report, out: BinaryIO) -> None:
    findings = report.findings()
    files = [{"file": file.name, "kind": file.kind, "records": file.records} for file in report.files]
    document: dict[str, Any] = {"summary": report.summary.to_json(), "files": files, "findings": findings}
    if report.muted is not None:
        document["muted"] = {"errors": report.muted.errors, "warnings": report.muted.warnings}
    out.write(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")


def _jsonl(report: Report, out: BinaryIO) -> None:
    """One finding a line, the summary last."""
    _copy(report, out, "validation/finding_output", "FORMAT json")
    out.write(orjson.dumps({"summary": report.summary.to_json()}) + b"\n")


def _csv(report: Report, out: BinaryIO) -> None:
    _copy(report, out, "validation/finding_csv", "FORMAT csv, HEADER true")


def _copy(report: Report, out: BinaryIO, select: str, options: str) -> None:
    """All findings, written by DuckDB: a million takes a second. Into a file it writes without a detour."""
    name = getattr(out, "name", None)
    if isinstance(name, str) and Path(name).is_file():
        report.con.execute(f"COPY ({sql(select)}) TO {literal(name)} ({options}, USE_TMP_FILE false)")
        out.seek(0, os.SEEK_END)
        return
    with work_folder("report") as folder:
        path = folder / "findings"
        report.con.execute(f"COPY ({sql(select)}) TO {literal(str(path))} ({options})")
        with path.open("rb") as stream:
            shutil.copyfileobj(stream, out)
