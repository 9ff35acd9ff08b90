"""One pass over all staged resources: the screen on each, fhir.resources on those that it flags or on all."""

from __future__ import annotations

import csv
import gc
import json
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import jsonschema_rs
import orjson

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.engine.workers import in_processes
from harmonize.intake.layout import literal
from harmonize.validation.fhir_screen import Problem, problems, resource_types, validator
from harmonize.validation.fhir_shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duckdb import DuckDBPyConnection

_FETCHED = 200  # resources at a time
_BATCH = 4 << 20  # bytes of JSON that are screened at a time
WORTH_PROCESSES = 64 << 20  # bytes of JSON from which more processes pay for their start
_SCREEN = "harmonize.validation.fhir_pass:screen_batch"
_LONGEST = 1_000  # of a value on its way; findings cut it further
_COLUMNS = {
    "rule": "VARCHAR",
    "resource": "BIGINT",
    "path": "VARCHAR",
    "value": "VARCHAR",
    "expected": "VARCHAR",
    "choices": "VARCHAR[]",
}
Deep = Callable[[dict[str, Any], str, "Sequence[Problem]"], list[Problem]]
Batch = tuple[str, bool, bool, list[tuple[int, str]]]
"""A resource type, whether fhir.resources checks everything, whether elements are noted, (rowid, JSON) of resources."""
Elements = dict[tuple[str, ...], list[int]]
"""Paths of the elements of resources → rowids of the resources that have just these."""


@dataclass
class _Screened:
    """What the screen found: the problems are in the file `found`, (rowid, shape) lines in `elements`."""

    found: Path
    elements: Path
    shapes: dict[tuple[str, ...], int] = field(default_factory=dict)
    flagged: int = 0


@contextmanager
def screening(
    con: DuckDBPyConnection, *, deep: bool, elements: bool, progress: Callable[[str], None]
) -> Iterator[Callable[[], list[str]]]:
    """Screen every staged resource while the block runs: much JSON on a connection and in processes of its own, little
    when the block asks.

    The block gets a function that waits for the end, adds the problems to fhir_found and returns sentences for people.
    With `elements` it notes which elements each resource has, in the temp tables fhir_shape(resource, shape) and
    fhir_shape_path(shape, path).
    Raises InputError where `deep` is asked for and fhir.resources is not installed.
    """
    check = _deep_check(deep)
    stopped = threading.Event()
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="harmonize-fhir-")))
        screened = _Screened(work / "found.ndjson", work / "elements.csv")
        if _is_large(con):
            other = stack.enter_context(con.cursor())
            pool = stack.enter_context(ThreadPoolExecutor(1))
            stack.callback(stopped.set)
            wait = pool.submit(_screen, other, screened, True, deep, elements, progress, stopped).result
        else:
            wait = partial(_screen, con, screened, False, deep, elements, progress, stopped)

        def finish() -> list[str]:
            wait()
            return _note(con, screened, elements, can_deepen=check is None)

        yield finish


def _is_large(con: DuckDBPyConnection) -> bool:
    row = con.execute("SELECT sum(strlen(json)) FROM fhir_staging.resource").fetchone()
    return row is not None and (row[0] or 0) >= WORTH_PROCESSES


def _screen(
    con: DuckDBPyConnection,
    screened: _Screened,
    in_others: bool,
    deep: bool,
    elements: bool,
    progress: Callable[[str], None],
    stopped: threading.Event,
) -> None:
    """Write what is wrong with all resources, and their shapes, to the files of `screened`; ends early when stopped."""
    batches = takewhile(lambda _batch: not stopped.is_set(), _batches(con, deep, elements, progress))
    with screened.found.open("wb") as out, screened.elements.open("w", encoding="ascii") as lines:
        for resource_type, found, some in in_processes(_SCREEN, batches) if in_others else map(screen_batch, batches):
            for key, problems_of in found:
                screened.flagged += any(problem.rule != "us_core_missing" for problem in problems_of)
                _write(out, key, resource_type, problems_of)
            for paths, keys in some.items():
                shape = screened.shapes.setdefault(paths, len(screened.shapes))
                lines.writelines(f"{key},{shape}\n" for key in keys)
        for key, text in _texts(con, "problem = 'broken_json'"):
            _write(out, key, "", [Problem("broken_json", (), _where_broken(text))])


def _note(con: DuckDBPyConnection, screened: _Screened, elements: bool, *, can_deepen: bool) -> list[str]:
    """Take over what the screen wrote; returns sentences for people."""
    if screened.found.stat().st_size:
        con.execute(
            "INSERT INTO fhir_found"
            " SELECT f.rule, r.file_id, fhir_place(r.line, r.position), f.path, f.value, f.expected, f.choices"
            f" FROM read_ndjson({literal(str(screened.found))}, columns={_COLUMNS}) f"
            " JOIN fhir_resource r ON r.rowid = f.resource"
        )
    if elements:
        _write_elements(con, screened.elements, screened.shapes)
    if screened.flagged and can_deepen:
        return [
            f"{screened.flagged:,} resources have errors; install fhir.resources to have them checked more deeply, "
            "too: pip install 'midrc-harmonize[fhir]'"
        ]
    return []


def _write_elements(con: DuckDBPyConnection, noted: Path, shapes: dict[tuple[str, ...], int]) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE fhir_shape AS FROM read_csv(?, header = false, "
        "columns = {'resource': 'BIGINT', 'shape': 'INTEGER'})",
        [str(noted)],
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE fhir_shape_path AS SELECT shape, unnest(paths) AS path "
        "FROM (SELECT unnest($1) AS shape, unnest($2::VARCHAR[][]) AS paths)",
        [list(shapes.values()), [list(paths) for paths in shapes]],
    )


def _types(con: DuckDBPyConnection) -> list[str]:
    """The resource types of the delivery that can be screened."""
    rows = con.execute(
        "SELECT DISTINCT resource_type FROM fhir_staging.resource WHERE problem IS NULL ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows if name in resource_types()]


def _texts(con: DuckDBPyConnection, where: str) -> Iterator[tuple[int, str]]:
    """(rowid, text) of staged resources, read a few at a time: one may have megabytes."""
    con.execute(f"SELECT rowid, json FROM fhir_staging.resource WHERE json IS NOT NULL AND {where}")
    while rows := con.fetchmany(_FETCHED):
        yield from rows


def _batches(con: DuckDBPyConnection, deep: bool, elements: bool, progress: Callable[[str], None]) -> Iterator[Batch]:
    """The resources of each type that can be screened, some megabytes at a time."""
    for resource_type in _types(con):
        progress(f"screen {resource_type}")
        outer = "AND position IS NOT DISTINCT FROM 0" if resource_type == "Bundle" else ""
        rows: list[tuple[int, str]] = []
        size = 0
        for row in _texts(con, f"problem IS NULL AND resource_type = {literal(resource_type)} {outer}"):
            rows.append(row)
            size += len(row[1])
            if size >= _BATCH:
                yield resource_type, deep, elements, rows
                rows, size = [], 0
        if rows:
            yield resource_type, deep, elements, rows


def screen_batch(batch: Batch) -> tuple[str, list[tuple[int, list[Problem]]], Elements]:
    """The type of a batch, (rowid, problems) of its resources that have any, their elements where these are noted."""
    resource_type, deep, elements, rows = batch
    check = _deep_check(deep)
    shapes = Shapes() if elements else None
    with _no_collection():
        found = list(_screened(resource_type, rows, check, deep, shapes))
    return resource_type, found, shapes.resources if shapes else {}


def _screened(
    resource_type: str, rows: Sequence[tuple[int, str]], check: Deep | None, deep: bool, shapes: Shapes | None
) -> Iterator[tuple[int, list[Problem]]]:
    """(rowid, problems) of the resources of one type that have any. Its loop is where the time goes."""
    loads, is_valid, is_complete = orjson.loads, validator(resource_type).is_valid, _complete(resource_type)
    for key, text in rows:
        try:
            resource = loads(text)
        except orjson.JSONDecodeError:
            yield key, [Problem("broken_json", (), _where_broken(text))]
            continue
        if shapes is not None:
            shapes.add(key, resource)
        try:
            if is_valid(resource) and is_complete(resource) and not deep and "contained" not in resource:
                continue
            found = list(problems(resource, resource_type))
        except ValueError:  # jsonschema-rs goes down some hundred levels
            yield key, [Problem("broken_json", (), "it is nested too deeply")]
            continue
        if check is not None and (deep or found):
            found += check(resource, resource_type, found)
        found += [
            Problem("us_core_missing", (element,))
            for element, forms in must_have().get(resource_type, ())
            if resource.keys().isdisjoint(forms)
        ]
        if found:
            yield key, found


@cache
def _complete(resource_type: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a resource has all that US Core expects, told by JSON Schema as it is fast."""
    elements = must_have().get(resource_type)
    if elements is None:
        return lambda _resource: True
    schema = {"allOf": [{"anyOf": [{"required": [form]} for form in forms]} for _, forms in elements]}
    told: Callable[[dict[str, Any]], bool] = jsonschema_rs.Draft202012Validator(schema).is_valid
    return told


def _where_broken(text: str) -> str:
    """Where a text stops being JSON and what stands there, without quoting it."""
    try:
        json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, " if error.lineno > 1 else ""
        return f"{where}character {error.colno}: {error.msg}"
    except ValueError as error:
        return str(error)
    except RecursionError:
        return "it is nested too deeply"
    return "it is nested too deeply, or holds half of a character (a lone surrogate)"


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


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


def fhir_path(resource_type: str, path: Sequence[str | int]) -> str:
    """A path as FHIRPath writes it: Observation.component[0].code."""
    return resource_type + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


@cache
def must_have() -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """What US Core requires or expects: resource type → (element, its forms), from sql/validation/fhir/us_core.tsv."""
    told: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    with (root("sql") / "validation" / "fhir" / "us_core.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            told.setdefault(row["resource_type"], []).append((row["element"], tuple(row["any_of"].split("|"))))
    return {name: tuple(elements) for name, elements in told.items()}


@cache
def _deep_check(needed: bool) -> Deep | None:
    try:
        from harmonize.validation.fhir_deep import objections
    except ImportError as error:
        if needed:
            raise InputError(
                "--deep needs the package fhir.resources, which is not installed.",
                "Install it with: pip install 'midrc-harmonize[fhir]'",
            ) from error
        return None
    return objections


@contextmanager
def _no_collection() -> Iterator[None]:
    """Parsed JSON has no cycles; looking for them would take a third of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
