"""The demo's report: what came in, what became of it, what was found, and what can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.sql_text import quote
from harmonize.pipeline.inspect import ledger, ledger_columns, unmapped
from harmonize.report.page import Html, bar, code, folded, page, paragraph, table, tiles

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.demo.study import Query, Run

Rows = list[dict[str, Any]]
STATES = ("loaded", "excluded", "quarantined", "duplicate", "context", "unchanged", "superseded", "deleted")
ENDS = ("empty", "loaded", "context", "excluded", "quarantined")
MOST_UNMAPPED = 12


def write(run: Run, path: Path) -> None:
    """Write the report as one HTML file that needs neither network nor scripts."""
    sections = {
        ("input", "What came in"): _input(run),
        ("ledger", "What became of it"): _ledger(run),
        ("findings", "What was found"): _findings(run),
        ("omop", "What is in OMOP"): _omop(run),
        ("images", "How images were linked"): _images(run),
        ("unmapped", "What has no concept"): _unmapped(run),
        ("queries", "What can be asked"): _queries(run),
    }
    opening = [
        paragraph(
            f"{run.study.patients} invented patients and their images, from a contributor's table and the public image "
            "index into OMOP CDM v5.4. No line stems from a person; the same seed gives the same study.",
            soft=True,
        ),
        tiles(_sums(run)),
    ]
    footer = "Written by harmonize demo. Every number is read from the database beside this page."
    path.write_text(page(f"{run.title}, harmonized", opening, sections, footer), encoding="utf-8")


def _sums(run: Run) -> dict[str, Any]:
    count = "SELECT count(*) FROM omop."
    in_visit = "SELECT count(DISTINCT person_id) FROM linked.imaging_timeline WHERE visit_occurrence_id IS NOT NULL"
    return {
        "records": sum(result.records for result in run.loads),
        "persons": _one(run.con, f"{count}person"),
        "visits": _one(run.con, f"{count}visit_occurrence"),
        "measurements": _one(run.con, f"{count}measurement"),
        "image series": _one(run.con, f"{count}image_occurrence"),
        "persons imaged in a visit": _one(run.con, in_visit),
    }


def _input(run: Run) -> list[Html]:
    files = _rows(
        run.con,
        "SELECT name AS file, record_type, records, size AS bytes, left(sha256, 12) AS sha256 "
        "FROM harmonize.source_file ORDER BY file_id",
    )
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
    return [
        table(files, "Files, as they were delivered"),
        paragraph(
            f"{len(planted)} errors were planted in {run.study.clinical.name}, so that there is something to find. "
            "Lines are those of the file; line 1 is its header."
        ),
        table(planted, "Planted errors", headers),
    ]


def _ledger(run: Run) -> list[Html]:
    files = ledger(run.con)
    others = ledger(run.con, records=True)
    columns = ledger_columns(run.con)
    found = {row["column"] for row in run.findings}
    happened = {state: state for state in STATES if any(row[state] for row in files)}
    states = ", ".join(state for state in STATES if state not in happened)
    ends = {end: end for end in ENDS if any(row[end] for row in columns)}
    return [
        paragraph(
            "Every record ends in exactly one state, and the states of a file add up to its records; otherwise nothing "
            f"is committed. No record is {states}."
        ),
        table(files, "Records by file", {"file": "file", "records": "records", **happened, "balanced": "balanced"}),
        table(
            others,
            "Records that were not loaded",
            {"file": "file", "line": "line", "record_key": "key", "state": "state", "reason": "reason"},
        ),
        paragraph(
            "A bad cell does not cost the whole line: the cell is quarantined and the rest is loaded. The cells of "
            "each column add up too; those of quarantined records count as quarantined."
        ),
        table(
            [row for row in columns if row["column"] in found],
            "Cells of the columns with findings",
            {"column": "column", "records": "records", **ends},
        ),
        folded(
            f"All {len(columns)} columns",
            table(
                columns,
                "Cells by column",
                {"file": "file", "column": "column", "records": "records", **ends, "reason": "why excluded"},
            ),
        ),
    ]


def _findings(run: Run) -> list[Html]:
    headers = {"line": "line", "column": "column", "value": "value", "message": "what is wrong",
               "hint": "what would be right", "severity": "severity"}  # fmt: skip
    per_line = [row for row in run.findings if row["line"] is not None]
    whole = [row for row in run.findings if row["line"] is None]
    parts = [table(per_line, f"{len(per_line)} findings, by line", headers)]
    if whole:
        parts.append(table(whole, "Of a file as a whole", {key: headers[key] for key in ("column", "message", "hint")}))
    return [
        *parts,
        paragraph("The same as a page for the contributor: ", Html('<a href="validation.html">validation.html</a>')),
    ]


def _omop(run: Run) -> list[Html]:
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
    return [
        table(rows, "Rows by table", headers),
        paragraph(
            "Each row knows the record, the line and the mapping's entry that it came from: harmonize lineage TABLE ID."
        ),
    ]


def _images(run: Run) -> list[Html]:
    project = run.linked.projects[0]
    before = run.as_dated.projects[0]
    patients = project["patients"]
    shifts = [
        {
            "offset": f"{days} day{'' if abs(int(days)) == 1 else 's'}",
            "patients": count,
            "of": f"{count / patients:.0%}",
            "share": bar(count / patients),
        }
        for days, count in project["containment"].items()
    ]
    tiers = [
        {"tier": tier, "as_dated": before["tiers"].get(tier, 0), "with_offset": project["tiers"].get(tier, 0)}
        for tier in sorted({*before["tiers"], *project["tiers"]})
    ]
    return [
        paragraph(
            f"{project['series']:,} series in {project['studies']:,} studies of {patients:,} patients; "
            f"{project['patients_linked_to_person']:,} of them are persons. "
            "A study belongs to the visit that contains its day."
        ),
        table(
            shifts,
            "Patients with a study inside a visit, if image dates were moved",
            {"offset": "image dates moved by", "patients": "patients", "of": "share", "share": ""},
        ),
        paragraph(
            f"The images are dated a day before the clinical rows. The project was therefore given the offset "
            f"{run.offset_days:+d}, which is used for linking only: dates in OMOP stay as they were sent."
        ),
        table(tiers, "Studies by how their visit was found",
              {"tier": "tier", "as_dated": "as dated", "with_offset": f"with offset {run.offset_days:+d}"}),
    ]  # fmt: skip


def _unmapped(run: Run) -> list[Html]:
    rows = unmapped(run.con)
    missing = [row for row in rows if row["why"] != "statement"]
    statements = sum(row["rows"] for row in rows if row["why"] == "statement")
    headers = {"table": "table", "column": "column", "vocabulary_id": "vocabulary", "code": "code", "name": "name",
               "rows": "rows", "why": "why"}  # fmt: skip
    parts = [
        paragraph(
            "A code without a standard concept stays in its table with concept 0 and its source value. This database "
            "holds the starter vocabulary only; once an Athena download is loaded (harmonize vocabulary load), unknown "
            "codes that it knows are mapped, without a change to the mapping."
        ),
        table(missing[:MOST_UNMAPPED], f"The {min(len(missing), MOST_UNMAPPED)} most frequent", headers),
    ]
    if len(missing) > MOST_UNMAPPED:
        parts.append(
            folded(
                f"The other {len(missing) - MOST_UNMAPPED}", table(missing[MOST_UNMAPPED:], "Less frequent", headers)
            )
        )
    return [
        *parts,
        paragraph(
            f"Not counted here: {statements:,} observations that hold 0 by rule, because they say that a thing is "
            "absent, or how an age is known.",
            soft=True,
        ),
    ]


def _queries(run: Run) -> list[Html]:
    return [part for query in run.queries for part in _query(run.con, query)]


def _query(con: DuckDBPyConnection, query: Query) -> list[Html]:
    rows = _rows(con, query.text)
    return [
        Html(f"<h3>{paragraph(query.question).removeprefix('<p>').removesuffix('</p>')}</h3>"),
        table(rows, f"{len(rows)} rows"),
        folded("The query", code(query.text), paragraph(f"Saved as queries/{query.path.name}", soft=True)),
    ]


def _rows(con: DuckDBPyConnection, statement: str) -> Rows:
    relation = con.execute(statement)
    names = [column[0] for column in relation.description]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def _one(con: DuckDBPyConnection, statement: str) -> int:
    row = con.execute(statement).fetchone()
    return int(row[0]) if row else 0
