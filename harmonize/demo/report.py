"""The demo's report: what came in, what became of it, what was found, and what can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.sql_text import quote
from harmonize.pipeline.inspect import ledger, ledger_columns, unmapped
from harmonize.report.blocks import Bar, made_now, table
from harmonize.report.page import render
from harmonize.report.store_facts import store_facts

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.demo.study import Query, Run

Rows = list[dict[str, Any]]
Context = dict[str, Any]
STATES = ("loaded", "excluded", "quarantined", "duplicate", "context", "unchanged", "superseded", "deleted")
ENDS = ("empty", "loaded", "context", "excluded", "quarantined")
MOST_UNMAPPED = 12
SECTIONS = (
    ("input", "What came in"),
    ("ledger", "What became of it"),
    ("findings", "What was found"),
    ("omop", "What is in OMOP"),
    ("images", "How images were linked"),
    ("unmapped", "What has no concept"),
    ("queries", "What can be asked"),
)


def write(run: Run, path: Path) -> None:
    """Write the report as one HTML file that needs neither network nor scripts."""
    page = render(
        "demo.html",
        title=f"{run.title}, harmonized",
        made=made_now(),
        sections=SECTIONS,
        patients=run.study.patients,
        tiles=_sums(run),
        store=store_facts(run.con, [run.linked.projects[0]["project_id"]]),
        input=_input(run),
        ledger=_ledger(run),
        findings=_findings(run),
        omop=_omop(run),
        images=_images(run),
        unmapped=_unmapped(run),
        queries=[_query(run.con, query) for query in run.queries],
    )
    path.write_text(page, encoding="utf-8")


def _sums(run: Run) -> list[tuple[str, int]]:
    count = "SELECT count(*) FROM omop."
    in_visit = "SELECT count(DISTINCT person_id) FROM linked.imaging_timeline WHERE visit_occurrence_id IS NOT NULL"
    return [
        ("records", sum(result.records for result in run.loads)),
        ("persons", _one(run.con, f"{count}person")),
        ("visits", _one(run.con, f"{count}visit_occurrence")),
        ("measurements", _one(run.con, f"{count}measurement")),
        ("image series", _one(run.con, f"{count}image_occurrence")),
        ("persons imaged in a visit", _one(run.con, in_visit)),
    ]


def _input(run: Run) -> Context:
    states = {row["line"]: row for row in ledger(run.con, run.loads[0].submission, records=True)}
    planted = [
        {
            "line": error.line,
            "what": error.what,
            "becomes": error.becomes,
            "state": states[error.line]["state"] if error.line in states else "loaded",
        }
        for error in sorted(run.study.planted, key=lambda error: error.line)
    ]
    headers = {
        "line": "line",
        "what": "planted error",
        "becomes": "what should become of it",
        "state": "state of the record",
    }
    return {"clinical": run.study.clinical.name, "planted": table(planted, "Planted errors", headers)}


def _ledger(run: Run) -> Context:
    files = ledger(run.con)
    columns = ledger_columns(run.con)
    found = {row["column"] for row in run.findings}
    happened = {state: state for state in STATES if any(row[state] for row in files)}
    ends = {end: end for end in ENDS if any(row[end] for row in columns)}
    files_headers = {"file": "file", "records": "records", **happened, "balanced": "balanced"}
    others_headers = {"file": "file", "line": "line", "record_key": "key", "state": "state", "reason": "reason"}
    every_headers = {"file": "file", "column": "column", "records": "records", **ends, "reason": "why excluded"}
    return {
        "unused": ", ".join(state for state in STATES if state not in happened),
        "files": table(files, "Records by file", files_headers),
        "others": table(ledger(run.con, records=True), "Records that were not loaded", others_headers),
        "columns": table(
            [row for row in columns if row["column"] in found],
            "Cells of the columns with findings",
            {"column": "column", "records": "records", **ends},
        ),
        "every": table(columns, "Cells by column", every_headers),
    }


def _findings(run: Run) -> Context:
    headers = {"line": "line", "column": "column", "value": "value", "message": "what is wrong",
               "hint": "what would be right", "severity": "severity"}  # fmt: skip
    per_line = [row for row in run.findings if row["line"] is not None]
    whole = [row for row in run.findings if row["line"] is None]
    whole_headers = {key: headers[key] for key in ("column", "message", "hint")}
    return {
        "lines": table(per_line, f"{len(per_line)} findings, by line", headers),
        "whole": table(whole, "Of a file as a whole", whole_headers) if whole else None,
    }


def _omop(run: Run) -> Context:
    names = _rows(
        run.con,
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'omop' AND table_name IN "
        "(SELECT omop_table::VARCHAR FROM harmonize.row_source) ORDER BY 1",
    )
    rows = [
        {
            "table": name["table_name"],
            "rows": _one(run.con, f"SELECT count(*) FROM omop.{quote(name['table_name'])}"),
            "records": _one(
                run.con,
                f"SELECT count(DISTINCT record_id) FROM harmonize.row_source WHERE omop_table = '{name['table_name']}'",
            ),
            "imputed": _one(
                run.con,
                f"SELECT count(DISTINCT omop_id) FROM harmonize.imputation WHERE omop_table = '{name['table_name']}'",
            ),
        }
        for name in names
    ]
    headers = {
        "table": "table",
        "rows": "rows",
        "records": "source records behind them",
        "imputed": "rows with an imputed date",
    }
    return {"rows": table(rows, "Rows by table", headers)}


def _images(run: Run) -> Context:
    project = run.linked.projects[0]
    before = run.as_dated.projects[0]
    patients = project["patients"]
    shifts = [
        {
            "offset": f"{days} day{'' if abs(int(days)) == 1 else 's'}",
            "patients": count,
            "share": Bar(count / patients, f"{count / patients:.0%}"),
        }
        for days, count in project["containment"].items()
    ]
    tiers = [
        {"tier": tier, "as_dated": before["tiers"].get(tier, 0), "with_offset": project["tiers"].get(tier, 0)}
        for tier in sorted({*before["tiers"], *project["tiers"]})
    ]
    offset = f"{run.offset_days:+d}"
    return {
        "project": project,
        "offset": offset,
        "shifts": table(
            shifts,
            "Patients with a study inside a visit, if image dates were moved",
            {"offset": "image dates moved by", "patients": "patients", "share": "share"},
        ),
        "tiers": table(
            tiers,
            "Studies by how their visit was found",
            {"tier": "tier", "as_dated": "as dated", "with_offset": f"with offset {offset}"},
        ),
    }


def _unmapped(run: Run) -> Context:
    rows = unmapped(run.con)
    missing = [row for row in rows if row["why"] != "statement"]
    headers = {"table": "table", "column": "column", "vocabulary_id": "vocabulary", "code": "code", "name": "name",
               "rows": "rows", "why": "why"}  # fmt: skip
    first, others = missing[:MOST_UNMAPPED], missing[MOST_UNMAPPED:]
    return {
        "statements": sum(row["rows"] for row in rows if row["why"] == "statement"),
        "first": table(first, f"The {len(first)} most frequent", headers),
        "others": table(others, "Less frequent", headers) if others else None,
    }


def _query(con: DuckDBPyConnection, query: Query) -> Context:
    rows = _rows(con, query.text)
    return {
        "question": query.question,
        "text": query.text,
        "path": f"queries/{query.path.name}",
        "rows": table(rows, f"{len(rows)} rows"),
    }


def _rows(con: DuckDBPyConnection, statement: str) -> Rows:
    relation = con.execute(statement)
    names = [column[0] for column in relation.description]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def _one(con: DuckDBPyConnection, statement: str) -> int:
    row = con.execute(statement).fetchone()
    return int(row[0]) if row else 0
