"""Stage an imaging delivery: its series as one table, the files that give none as another, manifests as theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.plain import is_utf8
from harmonize.engine.sql_text import literal, quote
from harmonize.intake.dicom.attributes import OWN, paths_of, require_pydicom, wanted_of
from harmonize.intake.dicom.find import TABLES, Candidate, find_images
from harmonize.intake.dicom.scan import scan
from harmonize.intake.discover import discover
from harmonize.intake.source_file import SourceFile
from harmonize.intake.table.stage import prepare_stage, stage_file
from harmonize.intake.table.staged import Staged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from duckdb import DuckDBPyConnection

    from harmonize.schema.model import ClassDef, Schema, Slot

SERIES, FILE = "series", "file"
"""Classes of schemas/sources/dicom.yaml."""
Keeping = Callable[[], "AbstractContextManager[Any]"]
ChooseManifest = Callable[[Staged, str], "tuple[Staged, ClassDef]"]


@dataclass(frozen=True)
class ImagingTable:
    """A table that was staged of an imaging delivery, and the class that it holds."""

    staged: Staged
    source: SourceFile
    cls: ClassDef


def stage_images(
    con: DuckDBPyConnection,
    paths: Sequence[Path],
    schema: Schema,
    first_id: int,
    *,
    keeping: Keeping,
    manifest: ChooseManifest,
    hide: Callable[[Sequence[str]], dict[str, str]],
    screen: Callable[[DuckDBPyConnection], None],
    note: Callable[[str], None],
) -> list[ImagingTable]:
    """Stage the delivery's series, other files and manifests; file ids count from `first_id`.

    The temp table dicom_series holds what else is known of each series (what the profile empties, private elements,
    oddities), by `line_`. `keeping` gives the transaction in which headers are kept; `manifest` chooses the class of a
    table and raises InputError where it is none; `hide` replaces names of files and folders that may tell who somebody
    is, and `screen` what headers tell before they are kept (see scan). Raises InputError where the packages are
    missing, a path is, or nothing is there.
    """
    require_pydicom()
    series = schema.classes[SERIES]
    wanted = wanted_of(schema, series)
    tables: list[Candidate] = []
    files, _ = scan(con, _without_tables(find_images(paths), tables), wanted, keeping, screen, note)
    if not files and not tables:
        raise InputError("Nothing was found in the delivery.", "Check the path.")
    prepare_stage(con)
    shown = _name_of(paths, hide)
    found: list[ImagingTable] = []
    note("gather series")
    _stage_series(con, series, wanted.version, first_id, hide)
    manifests, refused = _stage_manifests(con, tables, first_id + 2, manifest)
    _stage_others(con, schema.classes[FILE], wanted.version, first_id + 1, refused, hide)
    for number, (cls, name) in enumerate(((series, shown), (schema.classes[FILE], f"{shown} (other files)"))):
        staged = _staged(con, first_id + number, cls)
        size = con.execute(f"SELECT coalesce(sum(size::BIGINT), 0) FROM {staged.table}").fetchone()
        source = SourceFile(name, paths[0], int(size[0]) if size else 0, "", "dicom", "Headers of its files.")
        if staged.records:
            found.append(ImagingTable(staged, source, cls))
    return [*found, *manifests]


def _without_tables(candidates: Iterator[Candidate], tables: list[Candidate]) -> Iterator[Candidate]:
    """The candidates that may be images; those that may be manifests are put aside into `tables`."""
    for one in candidates:
        if one.reason is None and one.member is None and one.path.lower().endswith(TABLES) and is_utf8(one.path):
            tables.append(one)
        else:
            yield one


def _name_of(paths: Sequence[Path], hide: Callable[[Sequence[str]], dict[str, str]]) -> str:
    names = [path.resolve().name or "delivery" for path in paths]
    hidden = hide(names)
    return ", ".join(hidden.get(name, name) for name in names[:3]) + (" …" if len(names) > 3 else "")


def _stage_series(
    con: DuckDBPyConnection, cls: ClassDef, reader: str, file_id: int, hide: Callable[[Sequence[str]], dict[str, str]]
) -> None:
    slots = [slot for slot in cls.slots.values() if paths_of(slot)]
    fields = [f"{_filled(paths_of(slot))} AS {quote(slot.name)}" for slot in slots]
    fields += [f"{_filled([keyword])} AS {column}" for keyword, column in OWN.items()]
    keys = {path: "VARCHAR" for slot in slots for path in paths_of(slot)} | dict.fromkeys(OWN, "VARCHAR")
    struct = literal("{" + ", ".join(f'"{key}": "{kind}"' for key, kind in keys.items()) + "}")
    con.execute(
        sql("dicom/instance").replace("{struct}", struct).replace("{fields}", ", ".join(fields)), {"reader": reader}
    )
    same = [s for s in slots if s.annotations.get("gather") == "same" and s.name not in _GROUP]
    differing = ", ".join(f"CASE WHEN count(DISTINCT {quote(s.name)}) > 1 THEN {literal(s.name)} END" for s in same)
    columns = ", ".join(f"{_gathered(slot)} AS {quote(slot.name)}" for slot in slots)
    con.execute(
        sql("dicom/series")
        .replace("{columns}", columns)
        .replace("{differing}", f"list_filter([{differing}], lambda one: one IS NOT NULL)")
    )
    _name_folders(con, hide)
    cells = ", ".join(f"nullif({quote(name)}, '') AS {quote(name)}" for name in cls.slots)
    con.execute(f"CREATE OR REPLACE TABLE stage.f{file_id} AS SELECT line_, {cells} FROM dicom_series ORDER BY line_")


_GROUP = ("SeriesInstanceUID", "StudyInstanceUID", "PatientID")


def _filled(paths: list[str]) -> str:
    values = [f"nullif(a.{quote(path)}, '')" for path in paths]
    return values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"


def _gathered(slot: Slot) -> str:
    """SQL of a slot's value over the files of a series, as its annotations `gather` and `labels` say."""
    name, how = quote(slot.name), slot.annotations.get("gather")
    if slot.name in _GROUP:
        return name
    if how == "all":
        return f"array_to_string(list_sort(list(DISTINCT {name}) FILTER ({name} IS NOT NULL)), '\\')"
    if how != "values":
        return f"arg_min({name}, rank)"
    single = (
        f"list_sort(list_distinct(flatten(list_transform(list(DISTINCT {name}) FILTER ({name} IS NOT NULL),"
        " lambda one: string_split(one, '\\')))))"
    )
    if labels := slot.annotations.get("labels"):
        pairs = [label.split("=", 1) for label in labels.split("|")]
        known = ", ".join(f"{literal(value)}: {literal(label)}" for value, label in pairs)
        single = f"list_filter(list_transform({single}, lambda one: MAP {{{known}}}[one]), lambda one: one IS NOT NULL)"
    return f"array_to_string({single}, '\\')"


def _name_folders(con: DuckDBPyConnection, hide: Callable[[Sequence[str]], dict[str, str]]) -> None:
    """Give dicom_series the folder of each series' first file; a folder's name that may tell somebody is hidden."""
    con.execute("ALTER TABLE dicom_series ADD COLUMN folder VARCHAR")
    con.execute("UPDATE dicom_series SET folder = nullif(regexp_replace(file_name, '[^/!]*$', ''), '')")
    _hide(con, "dicom_series", "folder", hide)
    _hide(con, "dicom_series", "file_name", hide)


def _hide(con: DuckDBPyConnection, table: str, column: str, hide: Callable[[Sequence[str]], dict[str, str]]) -> None:
    rows = con.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1").fetchall()
    hidden = hide([name for (name,) in rows])
    if hidden:
        con.execute(
            f"UPDATE {table} SET {column} = h.shown FROM (SELECT unnest($1) AS name, unnest($2) AS shown) h"
            f" WHERE {column} = h.name",
            [list(hidden), list(hidden.values())],
        )


def _stage_others(
    con: DuckDBPyConnection,
    cls: ClassDef,
    reader: str,
    file_id: int,
    refused: list[tuple[str, int, str]],
    hide: Callable[[Sequence[str]], dict[str, str]],
) -> None:
    """The files that give no series, and the tables that are no manifest (`refused`: name, size and why)."""
    con.execute(sql("dicom/other"), {"reader": reader})
    if refused:
        con.executemany(
            "INSERT INTO dicom_other SELECT coalesce(max(rank), 0) + 1, ?, ?, 'not_dicom', ? FROM dicom_other",
            [list(row) for row in refused],
        )
    _hide(con, "dicom_other", "name", hide)
    con.execute(
        f"CREATE OR REPLACE TABLE stage.f{file_id} AS SELECT row_number() OVER (ORDER BY rank) AS line_, "
        f"{', '.join(f'{quote(name)}::VARCHAR AS {quote(name)}' for name in cls.slots)} "
        "FROM dicom_other ORDER BY line_"
    )


def _stage_manifests(
    con: DuckDBPyConnection, tables: list[Candidate], first_id: int, choose: ChooseManifest
) -> tuple[list[ImagingTable], list[tuple[str, int, str]]]:
    found: list[ImagingTable] = []
    refused: list[tuple[str, int, str]] = []
    for one in tables:
        try:
            for source in discover([Path(one.path)]):
                source = replace(source, name=source.name.replace(Path(one.path).name, one.name, 1))
                if not source.is_table:
                    refused.append((source.name, source.size, source.why))
                    continue
                staged, cls = choose(stage_file(con, source, first_id + len(found)), source.name)
                found.append(ImagingTable(staged, source, cls))
        except InputError as error:
            refused.append((one.name, one.size, f"It is no manifest: {error.message}"))
    return found, refused


def _staged(con: DuckDBPyConnection, file_id: int, cls: ClassDef) -> Staged:
    table = f"stage.f{file_id}"
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    names = tuple(cls.slots)
    headers = tuple(slot.header for slot in cls.slots.values())
    return Staged(file_id, table, headers, names, int(row[0]) if row else 0, 0, ())
