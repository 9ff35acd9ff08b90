"""The files of a delivery, checked one by one, and what their names say."""

from __future__ import annotations

import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.progress import as_meter
from harmonize.engine.sql_text import literals
from harmonize.intake.table.stage import prepare_stage, stage_file
from harmonize.schema.cells import cell_sql, missing_texts
from harmonize.validation.batch.check import MAX_WORKERS
from harmonize.validation.class_reads import ClassReads
from harmonize.validation.keys import record_key, record_key_sql
from harmonize.validation.privacy import identity
from harmonize.validation.privacy.titles import hide_headers, hide_told
from harmonize.validation.report.model import ReportFile
from harmonize.validation.table.choose import class_of_name, header_rows, take
from harmonize.validation.table.findings import check, note_file
from harmonize.validation.table.profile import profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef, Schema

SUBMISSION = 0
"""The number that findings of a delivery have which is not loaded."""
STAGING, CHECKING = 0.35, 0.25
"""Of the work on a byte of a table, what it takes to read and to check it; the rest is to foresee a load."""
# node_ORGANISATION_YYYYMMDD.tsv; MIDRC names a batch by organisation and date.
_BATCH = re.compile(r"_([A-Za-z][A-Za-z0-9]*_[0-9]{8})\.[A-Za-z]+$")


@dataclass
class CheckedDelivery:
    """The files of a delivery while they are checked; `reads` is what the mapping reads of each class, `tables` are
    all that were read, by number, `checked` those that hold a class of the schema, `refused` why a load takes some of
    them not."""

    con: DuckDBPyConnection
    schema: Schema | None
    reads: dict[str, ClassReads] = field(default_factory=dict)
    checked: list[tuple[Staged, ClassDef]] = field(default_factory=list)
    tables: dict[int, tuple[Staged, ClassDef | None]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    refused: list[tuple[int, InputError]] = field(default_factory=list)
    cursors: list[DuckDBPyConnection] = field(default_factory=list)
    has_names: bool = False

    @property
    def unknown(self) -> list[tuple[int, InputError]]:
        """The files that no class fits, and the nearest class."""
        return [(number, problem) for number, problem in self.refused if self.tables[number][1] is None]

    def check_files(
        self,
        files: Sequence[SourceFile],
        held: dict[str, str],
        note: Callable[[str], None],
        prepare: Callable[[DuckDBPyConnection], None],
        loaded: tuple[str | None, str | None] = (None, None),
    ) -> list[ReportFile]:
        """Stage and check every file alone, several at a time: few tables are so large that one keeps all cores busy.
        `held` is what the names of files hold (see hide_names); `note` is told of each file that is begun; `prepare`
        brings a site's settings into a connection; `loaded` are the prefix of a store and the project, of which it may
        know names.

        All are staged before the first is checked: the texts of one are looked over for the names that another tells.
        """
        meter = as_meter(note)
        prepare_stage(self.con)
        identity.begin(self.con, shared=True)

        def stage(number: int, file: SourceFile) -> ReportFile | None:
            note(f"file {number} of {len(files)}")
            with self._cursor() as cursor, meter.over(STAGING, cursor, file.size):
                prepare(cursor)
                return self._stage_file(cursor, number, file, held.get(file.name))

        def check(number: int, file: SourceFile) -> ReportFile:
            with self._cursor() as cursor, meter.over(CHECKING, cursor, file.size):
                prepare(cursor)
                return self._check_file(cursor, number, file)

        shown = self._each(files, stage)
        for staged, cls in self.tables.values():
            reads = self.reads.get(cls.name, ClassReads()) if cls else ClassReads()
            identity.read_columns(self.con, staged, cls, reads)
        self.has_names = identity.know(self.con, loaded[1], loaded[0], shared=True)
        if self.has_names:
            files = self._hide_told(files)
            shown = [done and replace(done, name=file.name) for file, done in zip(files, shown, strict=True)]
        checked = self._each([file for file, done in zip(files, shown, strict=True) if done is None], check, files)
        return [done or checked.pop(0) for done in shown]

    def _hide_told(self, files: Sequence[SourceFile]) -> list[SourceFile]:
        """The files, and the tables that were read of them, without the names and headers that hold how somebody is
        called; `names` and `checked` follow."""
        named, tables = hide_told(self.con, files, self.tables)
        self.tables |= tables
        self.names |= {number: named[number - 1].name for number in self.names}
        self.checked = [(tables[staged.file_id][0], cls) for staged, cls in self.checked]
        return named

    def _each(
        self, files: Sequence[SourceFile], run: Callable[[int, SourceFile], Any], of: Sequence[SourceFile] = ()
    ) -> list[Any]:
        """Run something for each of the files, the largest first, so that none is left over when the others are done;
        a file's number is its place in `of`."""
        numbers = {id(file): number for number, file in enumerate(of or files, start=1)}
        with ThreadPoolExecutor(min(MAX_WORKERS, os.cpu_count() or 1)) as pool:
            order = sorted(range(len(files)), key=lambda index: -files[index].size)
            jobs = {index: pool.submit(run, numbers[id(files[index])], files[index]) for index in order}
            try:
                return [jobs[index].result() for index in range(len(files))]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                for cursor in list(self.cursors):
                    cursor.interrupt()
                raise
            finally:
                self.checked.sort(key=lambda pair: pair[0].file_id)
                self.refused.sort(key=lambda pair: pair[0])

    @contextmanager
    def _cursor(self) -> Iterator[DuckDBPyConnection]:
        with self.con.cursor() as cursor:
            self.cursors.append(cursor)
            try:
                yield cursor
            finally:
                self.cursors.remove(cursor)

    def _stage_file(
        self, con: DuckDBPyConnection, number: int, file: SourceFile, name_holds: str | None = None
    ) -> ReportFile | None:
        """Stage a file and choose its class; what a report says of a file that is no table. The staged table stays."""
        if not file.is_table:
            why = f"not read. {file.why}"
            return ReportFile(None, file.name, file.format, 0, why, size=file.size, sha256=file.sha256 or None)
        rows = header_rows(self.schema, file.name) if self.schema else None
        staged = hide_headers(stage_file(con, file, number, header_rows=rows), name_holds)
        self.names[number] = file.name
        cls = None
        if self.schema is not None:
            taken = take(con, self.schema, staged, file.name)
            staged, cls = taken.staged, taken.cls
            if taken.refusal is not None:
                self.refused.append((number, taken.refusal))
            if cls is not None:
                self.checked.append((staged, cls))
        self.tables[number] = staged, cls
        return None

    def _check_file(self, con: DuckDBPyConnection, number: int, file: SourceFile) -> ReportFile:
        """Check a staged file alone."""
        staged, cls = self.tables[number]
        reads = self.reads.get(cls.name, ClassReads()) if cls else ClassReads()
        check(con, staged, cls, SUBMISSION, has_functions=True, reads=reads, tokens=self.has_names)
        content = cls.name if cls else None
        kind = content or file.format
        text = file.path if file.format in ("csv", "tsv") else None
        sums = (file.size, file.sha256, text)
        return ReportFile(number, file.name, kind, staged.records, "", content, (), *sums)

    def with_profiles(self, files: list[ReportFile]) -> list[ReportFile]:
        """The files with what their columns hold, where they are tables."""
        rows = self.con.execute(sql("validation/private_column")).fetchall()
        private = {file_id: frozenset(columns) for file_id, columns in rows}
        return [
            replace(file, profile=profile(self.con, *self.tables[file.file_id], private.get(file.file_id, frozenset())))
            if file.file_id is not None and file.file_id in self.tables
            else file
            for file in files
        ]

    def name_records(self) -> None:
        """Let findings name the records that they are of, by the key that a load knows them by, unless it is private:
        marked phi, or with a finding of privacy in one of its columns.
        """
        self.con.execute(sql("validation/finding_record"))
        for staged, cls in self.checked:
            key = [slot for slot in record_key(cls) if slot.name in staged.names]
            if not key or any(slot.annotations.get("phi", "").lower() == "true" for slot in key):
                continue
            cell = partial(cell_sql, missing=missing_texts(cls))
            put_in = {
                "file": str(staged.file_id),
                "table": staged.table,
                "key": record_key_sql(cls, staged.names, cell),
                "columns": literals(slot.name for slot in key),
            }
            self.con.execute(sql("validation/table_record").format(**put_in))

    def check_names(self) -> None:
        """Findings on files that no class fits, and on names that do not fit what the files hold.

        Raises InputError where no file fits any class: then the delivery is another source's.
        """
        if self.unknown and not self.checked:
            raise self.unknown[0][1]
        for number, problem in self.unknown:
            note_file(self.con, SUBMISSION, number, "unknown_file", problem.message)
        for staged, cls in self.checked:
            named = class_of_name(self.schema, self.names[staged.file_id]) if self.schema else None
            if named is not None and named.name != cls.name:
                note_file(self.con, SUBMISSION, staged.file_id, "misnamed_file", cls.name, named.name)
        self._check_batches()

    def _check_batches(self) -> None:
        batches = {number: found[1] for number, name in self.names.items() if (found := _BATCH.search(name))}
        for number, batch in batches.items():
            (most, count), *_ = Counter(batches.values()).most_common()
            if batch != most and list(batches.values()).count(batch) < count:
                note_file(self.con, SUBMISSION, number, "several_batches", batch, most)
