"""All that comes out of the product for a delivery, as texts by name: reports, messages, store, published file."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import duckdb

from harmonize.cli.main import main
from harmonize.validation.validate import validate

FORMATS = ("text", "json", "jsonl", "csv", "html", "junit", "sarif", "operationoutcome")
MANY = 1_000
BEGINNING = 6
"""So many characters of a token are looked up first: no token is shorter."""
PROFILED = ("fhir", "ehr", "gen3", "dicom")
"""Sources of which a file by the strictest profile is made as well; a second delivery in full asks it of all."""
LEGAL = {("midrc", "note", "note_text"), ("omop", "note", "note_text"), ("archive", "note", "note_text")}
"""Columns of the store that may hold what a note says."""


def command(*args: str) -> str:
    """What a command writes to both streams."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        main(args)
    return out.getvalue()


def outputs(folder: Path, source: str, mapping: str | None, work: Path, *, again: bool) -> Iterator[tuple[str, str]]:
    """(name, text) of every output for the delivery in `folder`; files are written into `work`. `again` loads it a
    second time, for what a load of nothing new says as JSON."""
    chosen = ["--mapping", mapping] if mapping else []
    with validate([folder], source=source, mapping=mapping, pictures=True) as told:
        for form in FORMATS:
            written = io.BytesIO()
            told.write(written, format=form)
            yield f"validate {form}", written.getvalue().decode(errors="replace")
    if source not in ("fhir", "dicom"):
        yield "profile", command("profile", str(folder), "--format", "json")
        yield "init", command("mapping", "init", "planted", str(folder), "--out", str(work / "draft"))
        yield "draft", "\n".join(p.read_text(errors="replace") for p in (work / "draft").rglob("*") if p.is_file())
    store, published = work / "store.duckdb", work / "published.duckdb"
    time = ["--time", "offset"] if source in ("gen3",) else ["--time", "as_is"]
    command("project", "set", "P", *time, "--db", str(store))
    if source == "ricord":  # annotations are of studies that are there
        yield (
            "load index",
            command("load", str(folder / "index.csv"), "--source", "idc", "--project", "P", "--db", str(store)),
        )
    yield "load", command("load", str(folder), "--source", source, *chosen, "--project", "P", "--db", str(store))
    if again:
        load = ("load", str(folder), "--source", source, *chosen, "--project", "P")
        yield "load json", command(*load, "--db", str(store), "--json")
    yield "ledger", command("ledger", "--db", str(store)) + command("ledger", "--db", str(store), "--json")
    yield "ledger records", command("ledger", "--records", "--db", str(store))
    yield "unmapped", command("unmapped", "--db", str(store)) + command("unmapped", "--db", str(store), "--json")
    yield (
        "submission",
        command("submission", "list", "--db", str(store)) + command("submission", "show", "1", "--db", str(store)),
    )
    yield (
        "lineage",
        "".join(
            command("lineage", table, "1", "--db", str(store)) for table in ("person", "observation", "measurement")
        ),
    )
    yield "export gen3", command("export", "gen3", "--db", str(store), "--to", str(work / "gen3"))
    yield "gen3 files", "\n".join(p.read_text(errors="replace") for p in (work / "gen3").rglob("*") if p.is_file())
    limited = [] if "offset" in time else ["--limited-data-set"]
    yield "publish", command("publish", "--db", str(store), "--to", str(published), *limited)
    yield "store", tables(store, LEGAL)
    if published.exists():
        yield "published", tables(published, ())
        yield "published bytes", published.read_bytes().decode("latin-1")
    if again or source in PROFILED:
        yield from _profiled(store, work)
    yield "store bytes", store.read_bytes().decode("latin-1")


def _profiled(store: Path, work: Path) -> Iterator[tuple[str, str]]:
    """The file of the safe harbor and what it says of each column."""
    file, report = work / "safe_harbor.duckdb", work / "columns.html"
    asked = ["--profile", "safe_harbor", "--report", str(report)]
    yield "safe harbor", command("publish", "--db", str(store), "--to", str(file), *asked)
    if file.exists():
        yield "safe harbor file", tables(file, ())
        yield "safe harbor bytes", file.read_bytes().decode("latin-1")
        yield "safe harbor columns", report.read_text(encoding="utf-8")


def tables(path: Path, legal: Sequence[tuple[str, str, str]] | set[tuple[str, str, str]]) -> str:
    """All rows of all tables of a database file, the columns `legal` left out."""
    with duckdb.connect(str(path), read_only=True) as con:
        columns = con.execute(
            "SELECT schema_name, table_name, list(column_name) FROM duckdb_columns() "
            "SEMI JOIN duckdb_tables() USING (schema_name, table_name) WHERE NOT internal GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        texts = []
        for schema, table, names in columns:
            kept = [name for name in names if (schema, table, name) not in legal]
            listed = ", ".join(f'"{name}"' for name in kept)
            rows = con.execute(f'SELECT {listed} FROM "{schema}"."{table}"').fetchall()
            texts.append(f"{schema}.{table} {names}\n" + "\n".join(map(str, rows)))
    return "\n".join(texts)


def leaks(found: Iterator[tuple[str, str]], needles: dict[str, tuple[str, str]]) -> dict[tuple[str, str, str], int]:
    """(kind, field, output) → how often the token that was planted there stands in the output."""
    if len(needles) > MANY:
        return _leaks_of_many(found, needles)
    counted: Counter[tuple[str, str, str]] = Counter()
    for output, text in found:
        lowered = text.lower()
        for needle, (kind, place) in needles.items():
            if times := lowered.count(needle.lower()):
                counted[kind, place, output] += times
    return counted


def _leaks_of_many(
    found: Iterator[tuple[str, str]], needles: dict[str, tuple[str, str]]
) -> dict[tuple[str, str, str], int]:
    """The same in one pass over each text, which is quicker where there are thousands of tokens."""
    begun: dict[str, list[str]] = {}
    for needle in needles:
        begun.setdefault(needle[:BEGINNING].lower(), []).append(needle)
    counted: Counter[tuple[str, str, str]] = Counter()
    for output, text in found:
        lowered = text.lower()
        for at in range(len(lowered) - BEGINNING + 1):
            for needle in begun.get(lowered[at : at + BEGINNING], ()):
                if lowered.startswith(needle.lower(), at):
                    counted[*needles[needle], output] += 1
    return counted
