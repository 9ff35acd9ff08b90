"""The screen of a delivery: every staged resource, much JSON beside other work and in processes of its own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import orjson

from harmonize.engine.paths import sql
from harmonize.engine.progress import as_meter, reached
from harmonize.engine.sql_text import literal
from harmonize.engine.work_folder import work_folder
from harmonize.engine.workers import in_processes
from harmonize.validation.fhir.batch import deep_check, fhir_path, screen_batch, where_broken
from harmonize.validation.fhir.screen import Problem, resource_types
from harmonize.validation.fhir.shown import shown_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.validation.fhir.batch import Batch

SCREENING = 0.25
"""Of the work on a byte of a resource, what it takes to screen it."""
_FETCHED = 200  # resources at a time
_BATCH = 4 << 20  # bytes of JSON that are screened at a time
WORTH_PROCESSES = 64 << 20  # bytes of JSON from which more processes pay for their start
_SCREEN = "harmonize.validation.fhir.batch:screen_batch"
_WARNINGS = ("us_core_missing", "fhir_binding")
_LONGEST = 1_000  # of a value on its way; findings cut it further
_COLUMNS = {
    "rule": "VARCHAR",
    "resource": "BIGINT",
    "path": "VARCHAR",
    "value": "VARCHAR",
    "expected": "VARCHAR",
    "choices": "VARCHAR[]",
}


@contextmanager
def screening(
    con: DuckDBPyConnection, *, deep: bool, elements: bool, progress: Callable[[str], None]
) -> Iterator[Callable[[], list[str]]]:
    """Screen every staged resource while the block runs, little JSON when the block asks.

    The block gets a function that waits for the end, adds the problems to fhir_found and returns sentences for people.
    With `elements` it notes which elements each resource has, in the temp tables fhir_shape(resource, shape) and
    fhir_shape_path(shape, path, element): `path` as it may be shown; and fhir_present(resource_type, leaves, several):
    all of a type, and the lists of objects of which some resource has several.
    Raises InputError where `deep` is asked for and fhir.resources is not installed.
    """
    can_deepen = deep_check(deep) is None
    with ExitStack() as stack:
        folder = stack.enter_context(work_folder("fhir"))
        screen = _Screen(
            folder / "found.ndjson", folder / "elements.csv", folder / "said.csv", deep, elements, progress
        )
        if _is_large(con):
            other = stack.enter_context(con.cursor())
            pool = stack.enter_context(ThreadPoolExecutor(1))
            stack.callback(screen.stopped.set)
            wait = pool.submit(screen.run, other, apart=True).result
        else:
            wait = partial(screen.run, con, apart=False)

        def finish() -> list[str]:
            wait()
            return screen.note(con, can_deepen=can_deepen)

        yield finish


def _resources(con: DuckDBPyConnection) -> int:
    row = con.execute("SELECT count(*) FROM fhir_staging.resource").fetchone()
    return int(row[0]) if row else 0


def _is_large(con: DuckDBPyConnection) -> bool:
    row = con.execute("SELECT sum(strlen(json)) FROM fhir_staging.resource").fetchone()
    return row is not None and (row[0] or 0) >= WORTH_PROCESSES


@dataclass
class _Screen:
    """What is asked of a screen, and what it found: problems in the file `found`, (rowid, shape) lines in `noted`,
    (rowid, hash of the content) lines in `said`."""

    found: Path
    noted: Path
    said: Path
    deep: bool
    elements: bool
    progress: Callable[[str], None]
    stopped: threading.Event = field(default_factory=threading.Event)
    shapes: dict[tuple[str, ...], int] = field(default_factory=dict)
    present: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)
    flagged: int = 0

    def run(self, con: DuckDBPyConnection, *, apart: bool) -> None:
        """Screen all resources, in other processes where they are to be `apart`; ends early when it is stopped."""
        resources = _resources(con)
        batches = takewhile(lambda _batch: not self.stopped.is_set(), self._batches(con))
        with (
            as_meter(self.progress).over(SCREENING),
            self.found.open("wb") as out,
            self.noted.open("w", encoding="ascii") as lines,
            self.said.open("w") as said,
        ):
            screened = in_processes(_SCREEN, batches) if apart else map(screen_batch, batches)
            seen = 0
            for resource_type, found, some, several, contents in screened:
                seen += len(contents)
                reached(seen / max(seen, resources, 1))
                for key, problems in found:
                    self.flagged += any(problem.rule not in _WARNINGS for problem in problems)
                    _write(out, key, resource_type, problems)
                said.writelines(f"{key},{told}\n" for key, told in contents)
                leaves, lists = self.present.setdefault(resource_type, (set(), set()))
                leaves.update(*some)
                lists.update(several)
                for paths, keys in some.items():
                    shape = self.shapes.setdefault(paths, len(self.shapes))
                    lines.writelines(f"{key},{shape}\n" for key in keys)
            for key, text, _ in _texts(con, "problem = 'broken_json'"):
                _write(out, key, "", [Problem("broken_json", (), where_broken(text))])

    def note(self, con: DuckDBPyConnection, *, can_deepen: bool) -> list[str]:
        """Take over what was found; returns sentences for people."""
        if self.found.stat().st_size:
            con.execute(
                "INSERT INTO fhir_found"
                " SELECT f.rule, r.file_id, fhir_place(r.line, r.position), f.path, f.value, f.expected, f.choices"
                f" FROM read_ndjson({literal(str(self.found))}, columns={_COLUMNS}) f"
                " JOIN fhir_resource r ON r.rowid = f.resource"
            )
        if self.said.stat().st_size:  # DuckDB finds no columns in an empty file
            con.execute(
                f"INSERT INTO fhir_content_hash FROM read_csv({literal(str(self.said))}, header = false, delim = ',',"
                " quote = '', columns = {'resource': 'BIGINT', 'hash': 'VARCHAR'})"
            )
        if self.elements:
            self._note_elements(con)
        if self.flagged and can_deepen:
            return [
                f"{self.flagged:,} resources have errors; install fhir.resources to have them checked more deeply, "
                "too: pip install 'midrc-harmonize[fhir]'"
            ]
        return []

    def _note_elements(self, con: DuckDBPyConnection) -> None:
        con.execute(
            sql("validation/fhir/shape"),
            {"file": str(self.noted)},
        )
        con.execute(
            sql("validation/fhir/shape_path"),
            [list(self.shapes.values()), shown_paths(self.shapes), [list(paths) for paths in self.shapes]],
        )
        leaves, several = ([sorted(told[n]) for told in self.present.values()] for n in (0, 1))
        con.execute(sql("validation/fhir/present"), [list(self.present), leaves, several])

    def _batches(self, con: DuckDBPyConnection) -> Iterator[Batch]:
        """The resources of each type that can be screened, some megabytes at a time."""
        for resource_type in _types(con):
            self.progress(f"screen {resource_type}")
            outer = "AND position IS NOT DISTINCT FROM 0" if resource_type == "Bundle" else ""
            rows: list[tuple[int, str, bool]] = []
            size = 0
            for row in _texts(con, f"problem IS NULL AND resource_type = {literal(resource_type)} {outer}"):
                rows.append(row)
                size += len(row[1])
                if size >= _BATCH:
                    yield resource_type, self.deep, self.elements, rows
                    rows, size = [], 0
            if rows:
                yield resource_type, self.deep, self.elements, rows


def _types(con: DuckDBPyConnection) -> list[str]:
    """The resource types of the delivery that can be screened."""
    rows = con.execute(
        "SELECT DISTINCT resource_type FROM fhir_staging.resource WHERE problem IS NULL ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows if name in resource_types()]


def _texts(con: DuckDBPyConnection, where: str) -> Iterator[tuple[int, str, bool]]:
    """(rowid, text, whether a number in it is not as it would be printed) of staged resources, read a few at a time:
    one may have megabytes."""
    told = "rowid, json, fhir_staging.fhir_inexact(json)"
    con.execute(f"SELECT {told} FROM fhir_staging.resource WHERE json IS NOT NULL AND {where}")
    while rows := con.fetchmany(_FETCHED):
        yield from rows


def _write(out: BinaryIO, key: int, resource_type: str, found: Sequence[Problem]) -> None:
    for problem in found:
        row = {
            "rule": problem.rule,
            "resource": key,
            "path": fhir_path(resource_type, problem.path) if problem.path else None,
            "value": None if problem.value is None else problem.value[:_LONGEST],
            "expected": problem.expected,
            "choices": problem.choices or None,
        }
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
