"""A load into a dataset in shards: stage and place once, load and export each shard, reduce, commit by one manifest."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from harmonize.cluster.export import SHARED as SHARED_TABLES
from harmonize.cluster.layout import MOST_SHARDS, SHARED, Manifest, clear, commit, find_manifest, with_files
from harmonize.cluster.reduce import reduce_shares, refuse_twofold, settle_files, sum_columns
from harmonize.cluster.stage import Asked, Decided, stage
from harmonize.cluster.task import EXPORT, LOAD, ExportTask, ShardTask
from harmonize.cluster.views import write_views
from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.shown import Shown
from harmonize.engine.sql_text import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from duckdb import DuckDBPyConnection

    from harmonize.cluster.local import Engine
    from harmonize.engine.store import Store

STATES = ("loaded", "excluded", "quarantined", "duplicate", "context", "unchanged", "superseded", "deleted")


@dataclass(repr=False)
class DatasetLoad(Shown):
    """What a load into a dataset did."""

    submission: int
    files: int
    records: int
    states: dict[str, int]
    findings: dict[str, int]
    rows: dict[str, int]
    shards: int
    touched: int
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def negative(self) -> bool:
        """Whether records were quarantined, or there are findings of severity error."""
        return self.states["quarantined"] > 0 or self.findings["errors"] > 0

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize load --json` prints."""
        return {
            "submission": self.submission,
            "files": self.files,
            "records": self.records,
            **self.states,
            "findings": self.findings,
            "rows": self.rows,
            "shards": self.shards,
            "shards_touched": self.touched,
            "seconds": round(self.seconds, 3),
            "balanced": True,
        }

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        parts = [f"{count:,} {state}" for state, count in self.states.items() if count]
        return [
            f"Submission {self.submission}: {self.records:,} records in {self.files} file"
            f"{'' if self.files == 1 else 's'}: {', '.join(parts) or 'none'} (balanced), {self.seconds:.1f} s.",
            f"{self.touched} of {self.shards} shards were loaded.",
            *self.notes,
            f"Findings: {self.findings['errors']:,} errors, {self.findings['warnings']:,} warnings.",
            *(f"  {table:<22} {count:,} in all" for table, count in self.rows.items()),
        ]


def load_dataset(
    out: Path | str,
    paths: Sequence[Path | str],
    *,
    asked: Asked,
    engine: Engine,
    shards: int | None = None,
    vocabulary: Path | None = None,
    memory: str | None = None,
    wait: float = 10.0,
    progress: Callable[[str], None] | None = None,
) -> DatasetLoad:
    """Load a delivery into the dataset `out`, which is made where it is missing, in `shards` shards (4).

    Nothing that readers see changes before the last step; the same call after one that did not end does the whole work.
    `vocabulary` is an Athena download for a new dataset. Raises InputError for what cannot be read, mapped or placed.
    """
    started = time.perf_counter()
    note = progress or (lambda _step: None)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder, wait):
        former = find_manifest(folder)
        count = _shards(former, shards, vocabulary)
        clear(folder, former)
        # No file of another dataset has such a name: a reader may stand in its folder.
        mark = f"{former.number + 1 if former else 1}-{token_hex(4)}"
        catalog = _begin(folder, former, mark, vocabulary, memory)
        work = folder / "work" / mark
        with _opened(catalog, memory, wait) as store:
            base = former.next_record if former else 1
            decided = stage(store, [Path(path) for path in paths], asked, work, count, base, note)
            _note_files(store, decided)
        manifest, loaded = _run(folder, former, mark, count, catalog, decided, asked, engine, memory, note)
        note("reduce")
        with _opened(catalog, memory, wait) as store:
            unchanged: Counter[int] = sum((done["counted"] for done in loaded), Counter())
            refuse_twofold(store.con, folder, manifest)
            settle_files(store.con, folder, manifest, unchanged)
            sum_columns(store.con, folder, manifest, decided.whole)
            shared = reduce_shares(store.con, folder, manifest, mark)
            manifest = with_files(manifest, SHARED, {"tables": shared, "shares": {}})
            write_views(folder / manifest.views, folder, manifest.tables, wait)
            result = _result(store, decided, manifest, folder)
        note("commit")
        commit(folder, manifest)
        clear(folder, manifest, former)
    result.touched = len(decided.shards)
    unread = (line for done in loaded for line in done["result"].notes if " was not read: " in line)
    result.notes = [*decided.notes, *dict.fromkeys(unread)]  # what a shard counts says nothing of the whole
    result.seconds = time.perf_counter() - started
    return result


@contextmanager
def _alone(folder: Path, wait: float) -> Iterator[None]:
    """One load at a time: the lock is that of a DuckDB file, so that it goes with its process."""
    from harmonize.engine.store import connect

    con = connect(folder / "writer.duckdb", read_only=False, wait=wait, spill=folder / "writer.tmp")
    try:
        yield
    finally:
        con.close()


def _shards(former: Manifest | None, asked: int | None, vocabulary: Path | None) -> int:
    if former is None:
        count = 4 if asked is None else asked
        if not 1 <= count <= MOST_SHARDS:
            raise InputError(f"--shards is {count}; it is a number from 1 to {MOST_SHARDS:,}.")
        return count
    if asked not in (None, former.shards):
        raise InputError(
            f"The dataset has {former.shards} shards, in which its patients stay.",
            "Leave out --shards, or make a new dataset.",
        )
    if vocabulary is not None:
        raise InputError("The dataset has its vocabulary.", "--vocabulary belongs to the first load of a dataset.")
    return former.shards


def _begin(folder: Path, former: Manifest | None, mark: str, vocabulary: Path | None, memory: str | None) -> Path:
    """The catalog of this load: a copy of the former one, or a new store with the vocabulary."""
    from harmonize.engine.store_key import use_store_key
    from harmonize.pipeline.acts.vocabulary import load_vocabulary
    from harmonize.pipeline.stores import open_current

    target = folder / "catalog" / f"catalog-{mark}.duckdb"
    target.parent.mkdir(exist_ok=True)
    if former is not None:
        shutil.copyfile(folder / former.catalog, target)
        return target
    template = folder / TEMPLATE
    template.unlink(missing_ok=True)
    with open_current(template, create=True, memory=memory) as store:
        if vocabulary is not None:
            load_vocabulary(store, vocabulary)
        with store.transaction():
            use_store_key(store.con)
    shutil.copyfile(template, target)
    with open_current(target, memory=memory) as store, store.transaction():
        store.con.execute(sql("cluster/tables"))
    return target


TEMPLATE = "template.duckdb"
"""An empty store with the vocabulary and the key of the dataset: as such every shard begins."""


def _opened(catalog: Path, memory: str | None, wait: float) -> Store:
    from harmonize.pipeline.stores import open_current

    return open_current(catalog, memory=memory, wait=wait)


def _note_files(store: Store, decided: Decided) -> None:
    rows = [
        (
            file.file_id,
            decided.whole.submission,
            file.source.name,
            file.source.size,
            file.source.sha256,
            "fhir",
            file.records,
        )
        for file in decided.whole.inbox
    ]
    store.con.executemany(
        "INSERT INTO harmonize.source_file (file_id, submission_id, name, size, sha256, record_type, records) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _run(
    folder: Path,
    former: Manifest | None,
    mark: str,
    count: int,
    catalog: Path,
    decided: Decided,
    asked: Asked,
    engine: Engine,
    memory: str | None,
    note: Callable[[str], None],
) -> tuple[Manifest, list[dict[str, Any]]]:
    """Load and export the shards; the manifest with their files, and the results of the loads."""
    stores = dict(former.stores) if former else {}
    options: dict[str, Any] = {"mapping": asked.mapping, "strict_row": asked.strict_row, "data_pull": asked.data_pull}
    tasks = []
    for shard in decided.shards:
        before = stores.get(str(shard))
        stores[str(shard)] = f"stores/shard-{shard:07d}-{mark}.duckdb"
        tasks.append(
            ShardTask(
                shard, folder / before if before else None, folder / TEMPLATE, folder / stores[str(shard)], catalog,
                decided.whole, asked.source, asked.project, options, memory,
            )
        )  # fmt: skip
    note(f"load {len(tasks)} shards")
    loaded = list(engine.run(LOAD, tasks))
    with _opened(catalog, memory, 10.0) as store:
        keys = literal(str(decided.whole.folder / "keys-*.parquet"))
        store.con.execute(sql("cluster/register").format(keys=f"read_parquet({keys})"))
    manifest = Manifest(
        former.number + 1 if former else 1, count, decided.next_record, catalog.relative_to(folder).as_posix(),
        f"catalog/views-{mark}.duckdb", stores,
        former.tables if former else {}, former.shares if former else {},
    )  # fmt: skip
    note("write tables")
    exports = [
        ExportTask(shard, folder / stores[str(shard)], catalog, folder, mark, decided.whole, memory)
        for shard in decided.shards
    ]
    for made in engine.run(EXPORT, exports):
        manifest = with_files(manifest, made["shard"], made)
    return manifest, loaded


def _result(store: Store, decided: Decided, manifest: Manifest, folder: Path) -> DatasetLoad:
    con = store.con
    sums = con.execute(
        f"SELECT {', '.join(f'sum({state})' for state in STATES)} FROM harmonize.source_file WHERE submission_id = ?",
        [decided.whole.submission],
    ).fetchone()
    rows: dict[str, int] = {}
    with _views(folder, manifest) as views:
        for table, files in manifest.tables.items():
            if (table.startswith("omop.") and files.keys() - {str(SHARED)}) or table.removeprefix(
                "omop."
            ) in SHARED_TABLES:
                found = views.execute(f"SELECT count(*) FROM {table}").fetchone()
                rows[table.removeprefix("omop.")] = int(found[0]) if found else 0
        told = views.execute(sql("ledger/finding_counts"), {"submission": decided.whole.submission}).fetchone()
    found_counts = told or (0, 0, 0)
    return DatasetLoad(
        submission=decided.whole.submission,
        files=len(decided.whole.inbox),
        records=decided.records,
        states={state: int((sums or ())[i] or 0) for i, state in enumerate(STATES)},
        findings={"errors": int(found_counts[0]), "warnings": int(found_counts[1])},
        rows=rows,
        shards=manifest.shards,
        touched=0,
    )


@contextmanager
def _views(folder: Path, manifest: Manifest) -> Iterator[DuckDBPyConnection]:
    from harmonize.engine.store import connect

    extra: dict[str, Any] = {"file_search_path": str(folder.resolve())}
    con = connect(folder / manifest.views, read_only=True, wait=0, spill=folder / "work" / "spill", extra=extra)
    try:
        yield con
    finally:
        con.close()


def load_into(
    out: Path,
    paths: Sequence[Path],
    *,
    engine: str,
    source: str,
    project: str,
    mapping: str | None = None,
    strict_row: bool = False,
    data_pull: date | None = None,
    shards: int | None = None,
    master: str | None = None,
    vocabulary: Path | None = None,
    memory: str | None = None,
    wait: float = 10.0,
    progress: Callable[[str], None] | None = None,
) -> DatasetLoad:
    """`load_dataset` on an engine by its name: local or spark. Raises InputError for a master without Spark."""
    from harmonize.cluster.local import LocalEngine

    asked = Asked(source, project, mapping, strict_row, data_pull)
    given: dict[str, Any] = {
        "asked": asked, "shards": shards, "vocabulary": vocabulary, "memory": memory, "wait": wait,
        "progress": progress,
    }  # fmt: skip
    if engine == "local":
        if master is not None:
            raise InputError("--master belongs to --engine spark.")
        return load_dataset(out, paths, engine=LocalEngine(), **given)
    from harmonize.cluster.spark import spark_engine

    with spark_engine(master) as spark:
        return load_dataset(out, paths, engine=spark, **given)
