"""Validate a delivery in a database of its own that is thrown away: stage, choose the class, check."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

import duckdb

from harmonize.engine.errors import InputError
from harmonize.engine.memory import duckdb_limit
from harmonize.intake.discover import SourceFile, discover
from harmonize.intake.sources import find_source
from harmonize.intake.stage import stage_file
from harmonize.validation import privacy
from harmonize.validation.choose import choose_class, most_frequent_value
from harmonize.validation.findings import check, create_tables
from harmonize.validation.report import MAX_FINDINGS, ReportFile, Summary, report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.schema.model import Schema

_SUBMISSION = 0


@dataclass
class Validation:
    """A delivery that was checked; a context manager that drops its database at the end."""

    con: DuckDBPyConnection
    stack: ExitStack
    files: list[ReportFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def write(self, out: BinaryIO, *, format: str = "text", limit: int = MAX_FINDINGS) -> Summary:
        """Write the findings (see `harmonize.validation.report.report`) and return their sums."""
        return report(self.con, self.files, out, format=format, limit=limit, seconds=self.seconds, notes=self.notes)


def validate(
    paths: Sequence[Path],
    *,
    source: str,
    mapping: str | None = None,
    memory: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Validation:
    """Check a delivery by the rules of the mapping's source schema; without a mapping by structure alone.

    Raises InputError for a source that is not supported, unreadable files, a file that fits no class of the
    schema.
    """
    started = time.perf_counter()
    note = progress or (lambda _step: None)
    schema = _schema(source, mapping)
    files, held = privacy.hide_names(discover(paths))
    with ExitStack() as stack:
        result = Validation(_database(stack, memory), stack)
        for number, file in enumerate(files, start=1):
            note(f"{file.name} ({number} of {len(files)})")
            if file.format != "skipped":
                result.files.append(_check_file(result.con, number, file, schema, held.get(file.name)))
        if all(file.file_id is None for file in result.files):
            told = "; ".join(f"{file.name}: {file.note}" for file in result.files[:3])
            raise InputError("Nothing in the delivery can be read as a table.", told)
        if schema is None:
            result.notes.append(
                "Without --mapping only structure, encoding and privacy are checked: "
                "no schema says what the columns hold."
            )
        privacy.settle(result.con, _SUBMISSION)
        result.seconds = time.perf_counter() - started
        result.stack = stack.pop_all()
    return result


def _schema(source: str, mapping: str | None) -> Schema | None:
    from harmonize.mapping.compile import load_mapping, mapping_folder, source_schema

    name = mapping or find_source(source).mapping
    return None if name is None else source_schema(mapping_folder(name), load_mapping(name).source_schema)


def _database(stack: ExitStack, memory: str | None) -> DuckDBPyConnection:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="harmonize-validate-"))
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": duckdb_limit(memory),
        "temp_directory": folder,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    con = stack.enter_context(duckdb.connect(str(Path(folder) / "validate.duckdb"), config=config))
    create_tables(con)
    return con


def _check_file(
    con: DuckDBPyConnection, number: int, file: SourceFile, schema: Schema | None, name_holds: str | None
) -> ReportFile:
    if not file.is_table:
        return ReportFile(None, file.name, file.format, 0, f"not read. {file.why}")
    staged = privacy.hide_headers(stage_file(con, file, number), name_holds)
    cls = None
    if schema is not None:
        cls, _ = choose_class(
            schema, staged.headers, file.name, complete=False, most_frequent=most_frequent_value(con, staged)
        )
    check(con, staged, cls, _SUBMISSION)
    con.execute(f"DROP TABLE {staged.table}")
    return ReportFile(number, file.name, cls.name if cls else file.format, staged.records)
