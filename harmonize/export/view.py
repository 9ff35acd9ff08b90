"""Run one ViewDefinition of SQL on FHIR on any FHIR delivery and write its rows."""

from __future__ import annotations

import re
import shutil
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import duckdb

from harmonize.engine.errors import InputError
from harmonize.engine.files import replacing
from harmonize.engine.interrupt import interruptible
from harmonize.engine.paths import sql
from harmonize.engine.plain import document_out
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.store import connect
from harmonize.engine.translate import first_line
from harmonize.engine.work_folder import work_folder
from harmonize.intake.discover import discover
from harmonize.intake.fhir.reference import resolve_references
from harmonize.intake.fhir.stage import stage_fhir
from harmonize.mapping.views.compile import Source, compile_views
from harmonize.mapping.views.shipped import view_file
from harmonize.mapping.views.view import read_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from harmonize.mapping.views.compile import CompiledView
    from harmonize.mapping.views.view import View

Format = Literal["csv", "json", "parquet"]
_OPTIONS = {"csv": "FORMAT csv, HEADER", "json": "FORMAT json, ARRAY true", "parquet": "FORMAT parquet"}
# References that only the delivery explains.
_UNEXPLAINED = """
    SELECT EXISTS (FROM fhir_resource
                   WHERE resource_type = ? AND (contains(json, '"urn:uuid:') OR contains(json, '?identifier=')))
"""
# The engine's own message; the number is the resource's row in fhir_resource.
_SEVERAL = re.compile(r"(?P<what>.* gives several values) in resource (?P<row>\d+)")


@dataclass(frozen=True)
class ViewRun:
    """Rows written, resources of the view's type read, and records of the delivery that are no readable resource."""

    rows: int
    resources: int
    broken: int


def run_view(
    view: Path,
    paths: Sequence[Path],
    *,
    format: Format = "csv",
    output: Path | None = None,
    memory: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> ViewRun:
    """Write the rows of a view over the FHIR files of `paths` to `output` (None: stdout), in their order.

    `view` is a file, or the name of a shipped view. Raises InputError for a wrong view, files without FHIR, or a column
    that has several values in one resource.
    """
    if format == "parquet" and output is None:
        raise InputError("Parquet is written to a file only.", "Add -o FILE.")
    file = view_file(view)
    definition = read_view(file)
    try:
        compiled = compile_views([definition], Source("resource")).views[0]  # a wrong view costs no reading
    except InputError as error:
        raise InputError(f"{file}: {error.message}", error.hint) from error
    with work_folder("rows") as folder:
        with (
            replacing(output or folder / "rows") as target,
            staged(paths, memory=memory, progress=progress) as (con, names),
        ):
            (progress or str)("select")
            rows = _write(con, definition, compiled, target, format, names)
            outcome = ViewRun(rows, *_counts(con, definition.resource))
        if output is None:
            with (folder / "rows").open("rb") as written:
                shutil.copyfileobj(written, document_out())
    return outcome


@contextmanager
def staged(
    paths: Sequence[Path], *, memory: str | None = None, progress: Callable[[str], None] | None = None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[int, str]]]:
    """A connection that holds the FHIR resources of `paths` in fhir_resource, and the names of the files by file_id.

    Raises InputError for files without FHIR.
    """
    with work_folder("view") as folder:
        con = connect(folder / "view.duckdb", read_only=False, wait=0, spill=folder / "spill", memory=memory)
        with closing(con), interruptible(con):
            con.execute(sql("views/functions"))
            files = stage_fhir(con, discover(paths), progress=progress)
            if not any(file.form for file in files):
                raise InputError("These files hold no FHIR resources.", files[0].why if files else None)
            yield con, {file.file_id: file.source.name for file in files}


def _write(
    con: duckdb.DuckDBPyConnection,
    view: View,
    compiled: CompiledView,
    target: Path,
    format: Format,
    names: dict[int, str],
) -> int:
    source = Source(f"({sql('views/resource')})")
    if "fhir_reference_key" in compiled.select and con.execute(_UNEXPLAINED, [view.resource]).fetchone() == (True,):
        resolve_references(con)
        source = Source(f"({sql('views/resource_resolved')})", references="_references")
    views = compile_views([view], source, ordered=True)
    statement = views.statement(views.views[0])
    if format == "csv":  # a list in a cell is written as JSON
        lists = [f"to_json({quote(name)}) AS {quote(name)}" for name, kind in compiled.columns if kind.endswith("[]")]
        statement = f"SELECT * REPLACE ({', '.join(lists)}) FROM (\n{statement}\n)" if lists else statement
    try:
        con.execute(f"COPY (\n{statement}\n) TO {literal(str(target))} ({_OPTIONS[format]})")
    except (duckdb.InvalidInputException, duckdb.OutOfRangeException) as problem:
        raise _explained(con, problem, names) from problem
    (rows,) = con.fetchone() or (0,)
    return int(rows)


def _explained(con: duckdb.DuckDBPyConnection, problem: duckdb.Error, names: dict[int, str]) -> InputError:
    """Which resource has several values where the view wants one; else what DuckDB says of an argument of the view."""
    found = _SEVERAL.fullmatch(first_line(problem))
    row = (
        found
        and con.execute("SELECT file_id, line, position FROM fhir_resource WHERE rowid = ?", [found["row"]]).fetchone()
    )
    if found is None or row is None:
        return InputError(f"The view cannot be run: {first_line(problem)}")
    line = f" line {row[1]}" if row[1] is not None else ""
    entry = f" entry {row[2]}" if row[2] is not None else ""
    return InputError(
        f"{found['what']} in {names[row[0]]}{line}{entry}.", 'Add first(), forEach, or "collection": true.'
    )


def _counts(con: duckdb.DuckDBPyConnection, resource: str) -> tuple[int, int]:
    counts = (
        f"SELECT (SELECT count(*) FROM ({sql('views/resource')}) WHERE resource_type = ?), "
        "(SELECT count(*) FROM fhir_resource WHERE problem IS NOT NULL)"
    )
    read, broken = con.execute(counts, [resource]).fetchone() or (0, 0)
    return read, broken
