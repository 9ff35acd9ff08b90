"""A publication as a folder of Parquet or CSV files with a manifest: what each file holds, and its checksum."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.errors import InternalError
from harmonize.engine.files import sha256_of
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harmonize.export.forms.source import Publication, Relation

MANIFEST = "manifest.json"
VIEWS = "views.sql"
LARGE = 5_000_000
"""Rows from which a table is a folder of several Parquet files."""
_PART = "256MB"
_NESTED = re.compile(r"\[\]$|^(STRUCT|MAP)\b")


def write_parquet(publication: Publication, target: Path) -> int:
    """SCHEMA/TABLE.parquet for each table and each linked view, typed; of large ones TABLE/*.parquet.

    views.sql makes them the tables of a DuckDB session that is opened in the folder. Returns how many rows.
    """
    return _write(publication, target, "parquet")


def write_csv(publication: Publication, target: Path) -> int:
    """TABLE.csv for each CDM table, in the layout that OHDSI's tools import: names in lower case, a header, commas,
    quotes where they are needed, nothing for NULL, days as 2020-03-05, times as 2020-03-05 14:30:00. The rest lies in
    folders of its schema; lists are JSON. Returns how many rows."""
    return _write(publication, target, "csv")


def _write(publication: Publication, target: Path, form: str) -> int:
    target.mkdir()
    told, rows = [], 0
    for relation in publication.relations:
        schema = "" if form == "csv" and relation.schema == publication.cdm_schema else relation.schema
        (folder := target / schema).mkdir(exist_ok=True)
        expected = publication.count(relation)
        files = _write_parquet(publication, relation, folder, expected) if form == "parquet" else _write_csv(
            publication, relation, folder
        )  # fmt: skip
        written = sum(count for _, count in files)
        if written != expected:
            raise InternalError(f"Of {relation.schema}.{relation.name} {written:,} rows were written of {expected:,}.")
        rows += written
        told.append(_entry(relation, target, expected, [file for file, _ in files]))
    manifest = {"form": form, **publication.facts, "tool": f"midrc-harmonize {__version__}", "tables": told}
    (target / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    if form == "parquet":
        (target / VIEWS).write_text("\n".join(_views(publication, told)), encoding="utf-8")
    return rows


def _write_parquet(publication: Publication, relation: Relation, folder: Path, rows: int) -> list[tuple[Path, int]]:
    """The file, or those of a large relation, with the rows of each."""
    con = publication.con
    options = "FORMAT parquet, COMPRESSION zstd"
    if rows < LARGE:
        files = [folder / f"{relation.name}.parquet"]
        con.execute(f"COPY (FROM {relation.source}) TO {literal(str(files[0]))} ({options})")
    else:
        (parts := folder / relation.name).mkdir()
        con.execute(
            f"COPY (FROM {relation.source}) TO {literal(str(parts))} "
            f"({options}, FILE_SIZE_BYTES '{_PART}', OVERWRITE_OR_IGNORE)"
        )
        files = sorted(parts.glob("*.parquet"))
    counted = con.execute(
        "SELECT num_rows FROM parquet_file_metadata($1) ORDER BY file_name", [[str(file) for file in files]]
    ).fetchall()
    return [(file, count) for file, (count,) in zip(files, counted, strict=True)]


def _write_csv(publication: Publication, relation: Relation, folder: Path) -> list[tuple[Path, int]]:
    """The file, with how many rows DuckDB says that it wrote."""
    file = folder / f"{relation.name}.csv"
    cells = (
        f"to_json({quote(name)})::VARCHAR AS {quote(name)}" if _NESTED.search(kind) else quote(name)
        for name, kind in relation.columns.items()
    )
    row = publication.con.execute(
        f"COPY (SELECT {', '.join(cells)} FROM {relation.source}) TO {literal(str(file))} (FORMAT csv, HEADER)"
    ).fetchone()
    return [(file, int(row[0]) if row else 0)]


def _entry(relation: Relation, target: Path, rows: int, files: list[Path]) -> dict[str, Any]:
    """What the manifest says of a table."""
    return {
        "schema": relation.schema,
        "table": relation.name,
        "description": relation.comment or None,
        "rows": rows,
        "columns": [
            {"name": name, "type": kind, "description": relation.comments.get(name)}
            for name, kind in relation.columns.items()
        ],
        "files": [
            {"path": file.relative_to(target).as_posix(), "bytes": file.stat().st_size, "sha256": sha256_of(file)}
            for file in files
        ],
    }


def _views(publication: Publication, told: list[dict[str, Any]]) -> Iterator[str]:
    """Statements for a DuckDB session in the folder: every table and view under its name."""
    yield "-- duckdb -init views.sql, in this folder: every table under its name."
    for schema in dict.fromkeys(entry["schema"] for entry in told):
        yield f"CREATE SCHEMA IF NOT EXISTS {quote(schema)};"
    for entry in told:
        paths = ", ".join(literal(file["path"]) for file in entry["files"])
        yield f"CREATE VIEW {quote(entry['schema'])}.{quote(entry['table'])} AS FROM read_parquet([{paths}]);"
    yield ""
