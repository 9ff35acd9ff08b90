"""Reports of findings: text for people, html, and the formats that machines read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal
from harmonize.engine.work_folder import work_folder
from harmonize.validation.report.model import Report, ReportFile, Summary
from harmonize.validation.report.text import verdict
from harmonize.validation.rules import designations, synonyms

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.validation.outcome import LoadOutcome
    from harmonize.validation.report.model import About, Muted

MAX_FINDINGS = 10_000


def report(
    con: DuckDBPyConnection,
    files: Sequence[ReportFile],
    out: BinaryIO,
    *,
    format: str = "text",
    limit: int = MAX_FINDINGS,
    notes: Sequence[str] = (),
    muted: Muted | None = None,
    outcome: LoadOutcome | None = None,
    became: tuple[dict[str, int], int] | None = None,
    about: About | None = None,
) -> Summary:
    """Write the findings of `files` (in harmonize.finding) to `out` and return their sums.

    `format` is text, markdown, json, jsonl, csv, html, junit, sarif or operationoutcome; jsonl and csv hold all
    findings, the others at most `limit`. `notes` are sentences for people (text, markdown and html), `muted` what a
    baseline left out, `outcome` what a load would make of the delivery; `became`, of one that was loaded, how many of
    its records are in which state, and how many cells were left out; `about` is for the header.
    Raises InputError for a format that is not known.
    """
    write = writer(format)
    summary = _prepare(con, files)
    if outcome is not None:
        summary.refused = [refusal.message for refusal in outcome.refusals]
        summary.quarantined, summary.load_errors = outcome.quarantined, outcome.errors
        summary.leaves_out = outcome.leaves_out
        summary.withdrawn, summary.knows_persons = outcome.withdrawn, outcome.knows_persons
        summary.excluded = outcome.excluded
    summary.unread = sum(file.file_id is None for file in files)
    if became is not None:
        summary.states, summary.cells = became
    write(Report(con, files, summary, limit, notes, muted, about), out)
    return summary


def writer(format: str) -> Callable[[Report, BinaryIO], None]:
    """The function that writes a format. Raises InputError for one that is not known."""
    from harmonize.validation.report import html as report_html
    from harmonize.validation.report import markdown as report_markdown
    from harmonize.validation.report import standard as report_standard
    from harmonize.validation.report import text as report_text

    writers = {
        "text": report_text.write,
        "markdown": report_markdown.write,
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
    con.execute(sql("validation/report/file"))
    read = [file for file in files if file.file_id is not None]
    con.execute(
        "INSERT INTO report_file SELECT unnest(?::INTEGER[]), unnest(?::VARCHAR[])",
        [[file.file_id for file in read], [file.name for file in read]],
    )
    con.execute(sql("validation/report/synonym"))
    con.execute(
        "INSERT INTO synonym SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [
            [text for text, meant in synonyms().items() for _ in meant],
            [v for meant in synonyms().values() for v in meant],
        ],
    )
    con.execute(sql("validation/report/designation"))
    con.execute(
        "INSERT INTO designation SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [list(column) for column in zip(*designations(), strict=True)],
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
    document: dict[str, Any] = {**_about(report), "summary": report.summary.to_json()}
    document |= {"files": [_file(file) for file in report.files], "findings": findings}
    if report.muted is not None:
        document["muted"] = {"errors": report.muted.errors, "warnings": report.muted.warnings}
    out.write(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")


def _jsonl(report: Report, out: BinaryIO) -> None:
    """One finding a line, the summary last."""
    _copy(report, out, "validation/finding_output", "FORMAT json")
    out.write(orjson.dumps({**_about(report), "summary": report.summary.to_json()}) + b"\n")


def _about(report: Report) -> dict[str, Any]:
    return {} if report.about is None else {"about": report.about.to_json(verdict(report.summary))}


def _file(file: ReportFile) -> dict[str, Any]:
    said = {"file": file.name, "kind": file.kind, "records": file.records, "size": file.size, "sha256": file.sha256}
    return {name: value for name, value in said.items() if value is not None}


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
