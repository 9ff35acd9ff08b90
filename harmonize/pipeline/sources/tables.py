"""Tables as records: every table of a delivery staged, checked against its class, one record a line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from harmonize.engine.errors import InputError, InternalError, did_you_mean
from harmonize.engine.sql_text import quote
from harmonize.pipeline.hub import make_source_rows
from harmonize.pipeline.ledger.columns import write_columns
from harmonize.pipeline.ledger.lookups import make_lookups, mark_joined, note_lookups
from harmonize.pipeline.ledger.records import StagedFile, create_incoming, note_required, read_incoming
from harmonize.pipeline.ledger.rekey import rekey
from harmonize.pipeline.ledger.undelivered import refuse_undelivered
from harmonize.pipeline.sources.delivery import Staged
from harmonize.validation.class_reads import ClassReads, class_reads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.sources import Source
    from harmonize.mapping.plan import MappingPlan
    from harmonize.pipeline.project import Project
    from harmonize.pipeline.sources.delivery import Delivery
    from harmonize.schema.model import Schema


@dataclass(frozen=True)
class StagedTables(Staged):
    """The tables of a delivery, each with the class that it holds. `unread` are its files that are none: `notes` are
    told of them when it is known what their names may not say."""

    tables: list[StagedFile]
    unread: list[SourceFile]
    notes: list[str]
    are_tables: ClassVar[bool] = True

    def require_lookups(
        self, con: DuckDBPyConnection, plan: MappingPlan, schema: Schema, project: str, without: Sequence[str]
    ) -> None:
        """See Staged."""
        refuse_undelivered(con, plan, schema, [(file.source.name, file.cls) for file in self.tables], project, without)

    def files(self) -> int:
        """How many files were read."""
        return len(self.tables)

    def record_types(self) -> list[str]:
        """The types of the records that the delivery holds."""
        return sorted({file.record_type for file in self.tables})

    def check(self, con: DuckDBPyConnection, delivery: Delivery) -> None:
        """Write the files to harmonize.source_file and what is wrong with them to harmonize.finding."""
        from harmonize.validation.batch.check import check_batch
        from harmonize.validation.batch.model import Batch

        tokens = self.ask_names(con, delivery)
        for file in self.tables:
            con.execute(
                "INSERT INTO harmonize.source_file (file_id, submission_id, name, size, sha256, record_type, records) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [file.staged.file_id, delivery.submission, file.source.name, file.source.size, file.source.sha256,
                 file.record_type, file.staged.records],
            )  # fmt: skip
        self.check_each(con, delivery, tokens=tokens)
        together = [(file.staged, file.cls) for file in self.tables]
        batch = Batch(con, delivery.schema, together, "", delivery.project_id, loading=True)
        check_batch(batch, delivery.submission, has_functions=True)
        note_required(con, self.tables)

    def ask_names(self, con: DuckDBPyConnection, delivery: Delivery) -> bool:
        """Learn what the tables and the store tell of how people are called; whether there is anything. Names of files
        and headers that hold it are hidden from here on."""
        from harmonize.validation.privacy import identity

        reads = self.reads(delivery)
        identity.begin(con)
        for file in self.tables:
            identity.read_columns(con, file.staged, file.cls, reads[file.cls.name])
        unread = self.unread
        tokens = identity.know(con, delivery.project_id)
        if tokens:
            unread = self._hide_told(con)
        self.notes.extend(f"{file.name} was not read: {file.why}" for file in unread)
        return tokens

    def _hide_told(self, con: DuckDBPyConnection) -> list[SourceFile]:
        """Hide it in the tables; the files that are none, with their names hidden."""
        from harmonize.validation.privacy.titles import hide_told

        staged = {number: (file.staged, file.cls) for number, file in enumerate(self.tables, start=1)}
        sources, hidden = hide_told(con, [*(file.source for file in self.tables), *self.unread], staged)
        own = sources[: len(self.tables)]
        self.tables[:] = [
            replace(file, source=source, staged=hidden[number][0])
            for number, (file, source) in enumerate(zip(self.tables, own, strict=True), start=1)
        ]
        return sources[len(self.tables) :]

    def reads(self, delivery: Delivery) -> dict[str, ClassReads]:
        """What the mapping reads of each class."""
        return {file.cls.name: ClassReads() for file in self.tables} | class_reads(delivery.plan, delivery.folder)

    def check_each(self, con: DuckDBPyConnection, delivery: Delivery, *, tokens: bool) -> None:
        """Check each table by itself; `tokens` says that names are known for which texts are looked over."""
        from harmonize.validation.privacy import identity
        from harmonize.validation.table.findings import check

        reads = self.reads(delivery)
        for file in self.tables:
            own = reads[file.cls.name]
            check(con, file.staged, file.cls, delivery.submission, has_functions=True, reads=own, tokens=tokens)
        if tokens:
            identity.keep(con, delivery.project_id)

    def read_incoming(self, con: DuckDBPyConnection, delivery: Delivery) -> None:
        """Make the temp table `incoming`, one row a line."""
        create_incoming(con)
        if read_incoming(con, self.tables, delivery.project_id, delivery.plan.version):
            rekey(con, delivery.schema.name)
        mark_joined(con, delivery.plan, self.tables)

    def refuse_lost(self, con: DuckDBPyConnection) -> None:
        """A table names its patient by a key of the hub; nothing is to be explained."""

    def source_rows(self, con: DuckDBPyConnection, delivery: Delivery, project: Project) -> dict[str, str]:
        """Source class → temp relation of its new and changed lines."""
        views = make_source_rows(con, delivery.plan, self.tables)
        make_lookups(con, delivery.plan, delivery.schema, self.tables, views)
        return views

    def note_lookups(self, con: DuckDBPyConnection, delivery: Delivery, views: dict[str, str]) -> None:
        """Findings of joins."""
        note_lookups(con, delivery.plan, self.tables, views, delivery.submission)

    def left_out(self) -> list[str]:
        """The mapping says all."""
        return []

    def write_columns(self, con: DuckDBPyConnection, delivery: Delivery) -> None:
        """What became of the cells of each column of each file."""
        write_columns(con, delivery.submission, self.tables, delivery.plan)


def stage_tables(
    con: DuckDBPyConnection,
    found: list[SourceFile],
    held: dict[str, str],
    schema: Schema,
    source: Source,
    collections: Sequence[str],
    notes: list[str],
    note: Callable[[str], None],
) -> StagedTables:
    """Stage every table of the delivery's files and commit that: rowids are dense only in committed tables. `held` is
    what the names of files hold that is not shown (hide_names)."""
    from harmonize.intake.table.stage import stage_file
    from harmonize.validation.privacy.titles import hide_headers
    from harmonize.validation.table.choose import header_rows, take

    tables = [file for file in found if file.is_table]
    unread = [file for file in found if file.format in ("json", "unknown")]
    if not tables:
        raise InputError(
            "Nothing in the delivery can be read as a table.",
            "; ".join(f"{f.name}: {f.why}" for f in found[:3]) or None,
        )
    last_file, base = last_numbers(con)
    files = []
    for number, file in enumerate(tables, start=1):
        note(f"read file {number} of {len(tables)}")
        rows = header_rows(schema, file.name)
        staged = hide_headers(stage_file(con, file, last_file + number, header_rows=rows), held.get(file.name))
        taken = take(con, schema, staged, file.name)
        if taken.refusal is not None or taken.cls is None:
            raise taken.refusal or InternalError(f"{file.name} has no class and no reason for it.")
        staged, cls = taken.staged, taken.cls
        if collections:
            staged = _choose_collections(con, staged, source, collections, file.name, notes)
        files.append(StagedFile(staged, file, cls, f"{schema.name}.{cls.name}", base))
        base += span(con, staged.table) + staged.bad_lines + 1
    return StagedTables(files, unread, notes)


def last_numbers(con: DuckDBPyConnection) -> tuple[int, int]:
    """(the last number of a file, the next of a record) of the store."""
    row = con.execute(
        "SELECT (SELECT coalesce(max(file_id), 0) FROM harmonize.source_file), "
        "(SELECT coalesce(max(record_id), 0) + 1 FROM harmonize.record)"
    ).fetchone()
    return row or (0, 1)


def span(con: DuckDBPyConnection, table: str) -> int:
    """How many record ids a staged table takes: a record's id is its rowid counted from the file's base."""
    row = con.execute(f"SELECT coalesce(max(rowid), 0) + 2 FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _choose_collections(
    con: DuckDBPyConnection,
    staged: Any,
    source: Source,
    collections: Sequence[str],
    name: str,
    notes: list[str],
) -> Any:
    """Keep the staged rows of the chosen collections. Raises InputError for a collection that the file lacks."""
    column = quote(source.collection_column or "")
    known = [row[0] for row in con.execute(f"SELECT DISTINCT {column} FROM {staged.table} ORDER BY 1").fetchall()]
    for collection in collections:
        if collection not in known:
            raise InputError(
                f"{name} has no collection {collection!r}.", did_you_mean(collection, [k for k in known if k])
            )
    con.execute(
        f"CREATE OR REPLACE TABLE {staged.table} AS FROM {staged.table} WHERE list_contains(?, {column})",
        [list(collections)],
    )
    kept = con.execute(f"SELECT count(*) FROM {staged.table}").fetchone()
    count = int(kept[0]) if kept else 0
    notes.append(f"{name}: {count:,} of {staged.records:,} rows chosen by --collection.")
    return replace(staged, records=count + staged.bad_lines)
