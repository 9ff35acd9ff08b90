"""Check an imaging delivery: headers by the PS3.15 profile, series as a whole, manifests against the series."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literals, quote
from harmonize.intake.dicom.attributes import paths_of, profile
from harmonize.intake.dicom.stage import FILE, SERIES, ImagingTable, stage_images
from harmonize.intake.source_file import SourceFile
from harmonize.validation.batch.check import check_batch
from harmonize.validation.batch.model import Batch
from harmonize.validation.privacy.dicom import screen_headers
from harmonize.validation.privacy.titles import hide_headers, hide_names
from harmonize.validation.report.model import ReportFile
from harmonize.validation.rules import listed
from harmonize.validation.table.choose import choose_class, most_frequent_value, take_spellings
from harmonize.validation.table.findings import check, register_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.dicom.stage import Keeping
    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef, Schema

_MANIFEST = "md5sum"
# Parts of a path in which nobody's name can be: UIDs and numbers, with or without an ending.
_NUMBERED = re.compile(r"[0-9.]*[A-Z]{0,3}[0-9.]*([.][a-z]{2,4}){0,2}")


def stage_delivery(
    con: DuckDBPyConnection,
    paths: Sequence[Path],
    schema: Schema,
    first_id: int,
    keeping: Keeping,
    note: Callable[[str], None],
) -> list[ImagingTable]:
    """Stage a delivery (see `harmonize.intake.dicom.stage.stage_images`); a manifest's address of a series takes the
    place of its folder."""
    manifests = replace(schema, classes={n: c for n, c in schema.classes.items() if _MANIFEST in c.slots})

    def manifest(staged: Staged, name: str) -> tuple[Staged, ClassDef]:
        staged = hide_headers(staged, None)
        cls, _ = choose_class(manifests, staged.headers, name, most_frequent=most_frequent_value(con, staged))
        return take_spellings(con, staged, cls), cls

    tables = stage_images(
        con,
        paths,
        schema,
        first_id,
        keeping=keeping,
        manifest=manifest,
        hide=hidden_names,
        screen=lambda store: screen_headers(store, schema.classes[SERIES], hidden_names),
        note=note,
    )
    lines = _manifest_lines(tables)
    series = _table(tables, SERIES)
    con.execute(sql("dicom/manifest_line_table"))
    if lines and series is not None:
        con.execute(
            sql("dicom/manifest_line").replace("{lines}", " UNION ALL ".join(lines)).replace("{table}", series.table)
        )
        con.execute(
            f"UPDATE {series.table} SET folder = m.storage_urls FROM dicom_manifest_line m"
            " WHERE m.uid = SeriesInstanceUID AND m.lines = 1 AND m.storage_urls IS NOT NULL"
        )
    return tables


def check_tables(
    con: DuckDBPyConnection, tables: Sequence[ImagingTable], submission: int, *, tokens: bool = False
) -> None:
    """Insert the findings of the staged tables; the functions of sql/functions.sql must exist. `tokens` says that names
    are known for which texts are looked over (see identity)."""
    for table in tables:
        check(con, table.staged, table.cls, submission, has_functions=True, tokens=tokens)
    rules = register_rules(con)
    con.execute(
        sql("dicom/profile"),
        [[row.keyword for row in profile() if row.tell], [row.tell for row in profile() if row.tell]],
    )
    series, others = _table(tables, SERIES), _table(tables, FILE)
    put_in = {
        "{series}": str(series.file_id if series else 0),
        "{table}": series.table if series else _empty(("SeriesInstanceUID", "StudyInstanceUID", "PatientID")),
        "{file}": str(others.file_id if others else 0),
        "{others}": others.table if others else _empty(("reason", "detail")),
        "{modalities}": literals(listed("dicom_modality")),
    }
    con.execute(_filled("dicom/findings", put_in))
    if series is not None and _manifest_lines(tables):
        con.execute(f"INSERT INTO dicom_found {_filled('dicom/manifest_findings', put_in)}")
    if series is not None:
        _tell_screened(con, next(table for table in tables if table.staged is series))
    _write_findings(con, submission, rules)
    _name_records(con, series, others)


def _tell_screened(con: DuckDBPyConnection, series: ImagingTable) -> None:
    """Add to dicom_found what was taken out of headers, under the slots of the series."""
    names = {path: slot.name for slot in series.cls.slots.values() for path in paths_of(slot)}
    file_id = series.staged.file_id
    con.execute(sql("dicom/screened"), {"file": file_id, "paths": list(names), "slots": list(names.values())})


def _filled(name: str, parts: dict[str, str]) -> str:
    text = sql(name)
    for part, value in parts.items():
        text = text.replace(part, value)
    return text


def _empty(columns: tuple[str, ...]) -> str:
    cells = ", ".join(f"NULL::VARCHAR AS {quote(name)}" for name in columns)
    return f"(SELECT 0::BIGINT AS line_, {cells} WHERE false)"


def _table(tables: Sequence[ImagingTable], name: str) -> Staged | None:
    return next((table.staged for table in tables if table.cls.name == name), None)


def _manifest_lines(tables: Sequence[ImagingTable]) -> list[str]:
    """SELECTs of the lines of the image manifests."""
    columns = ("md5sum", "file_size", "file_name", "storage_urls", "series_submitter_id")
    return [
        f"SELECT {table.staged.file_id} AS file_id, line_, "
        + ", ".join(
            f"trim({quote(name)}) AS {quote(name)}" if name in table.staged.names else f"NULL::VARCHAR AS {name}"
            for name in columns
        )
        + f" FROM {table.staged.table}"
        for table in tables
        if table.cls.name == "image_manifest"
    ]


def _write_findings(con: DuckDBPyConnection, submission: int, rules: dict[str, int]) -> None:
    """Write dicom_found; attributes that the series' table does not have become columns of their own."""
    con.execute(
        "INSERT INTO harmonize.file_column SELECT file_id, (SELECT max(column_id) FROM harmonize.file_column c "
        "WHERE c.file_id = n.file_id) + row_number() OVER (PARTITION BY file_id ORDER BY column_name), column_name, "
        "column_name FROM (SELECT DISTINCT file_id, column_name FROM dicom_found WHERE column_name IS NOT NULL) n "
        "WHERE NOT EXISTS (FROM harmonize.file_column c WHERE c.file_id = n.file_id AND c.name = n.column_name)"
    )
    con.execute(
        sql("dicom/rule"),
        [list(rules), list(rules.values())],
    )
    con.execute(
        "INSERT INTO harmonize.finding SELECT ?, r.rule_id, f.file_id, f.line, c.column_id, left(f.value, 200) "
        "FROM dicom_found f JOIN dicom_rule r USING (rule) "
        "LEFT JOIN harmonize.file_column c ON c.file_id = f.file_id AND c.name = f.column_name",
        [submission],
    )


def _name_records(con: DuckDBPyConnection, series: Staged | None, others: Staged | None) -> None:
    """Findings stand at a series' UID or a file's name, because the tables' lines are nobody's."""
    con.execute(sql("validation/finding_record"))
    for staged, name in ((series, "SeriesInstanceUID"), (others, "name")):
        if staged is not None:
            con.execute(
                f"INSERT INTO finding_record SELECT {staged.file_id}, line_, NULL, NULL, {name} FROM {staged.table}"
            )


def check_images(
    con: DuckDBPyConnection,
    paths: Sequence[Path],
    schema: Schema,
    loaded: tuple[str | None, str | None],
    *,
    submission: int,
    keeping: Keeping,
    progress: Callable[[str], None],
) -> tuple[list[ReportFile], list[tuple[Staged, ClassDef]]]:
    """Stage and check a delivery that is not loaded: its files as a report tells of them, and the checked tables.
    `loaded` are the prefix of a store and the project, to compare with."""
    tables = stage_delivery(con, paths, schema, 1, keeping, progress)
    check_tables(con, tables, submission)
    together = [(table.staged, table.cls) for table in tables]
    check_batch(Batch(con, schema, together, *loaded), submission, has_functions=True)
    shown = [
        ReportFile(
            t.staged.file_id,
            t.source.name,
            t.cls.name,
            t.staged.records,
            content=t.cls.name,
            size=t.source.size,
            sha256=t.source.sha256 or None,
        )
        for t in tables
    ]
    return shown, together


def hidden_names(names: Sequence[str]) -> dict[str, str]:
    """Of paths with a part that may identify a person: what is shown instead."""
    return {name: shown for name in names if (shown := "/".join(map(_shown, name.split("/")))) != name}


@cache
def _shown(part: str) -> str:
    if _NUMBERED.fullmatch(part):
        return part
    (file,), _ = hide_names([SourceFile(part, Path(part), 0, "", "", "")])
    return "***" if file.name != part else part
