"""What is done to one shard, in a process of its own: load its part of a delivery, write its tables as Parquet."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.cluster.export import export_tables
from harmonize.cluster.fhir import FIRST, FhirPart, FhirWhole
from harmonize.cluster.layout import ID_BITS
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

LOAD = "harmonize.cluster.task:load_shard"
EXPORT = "harmonize.cluster.task:export_shard"


@dataclass(frozen=True)
class ShardTask:
    """A shard to be loaded: the store that it has (None: it is new, and begins as a copy of the `template`), the store
    that it will have, the catalog, and the delivery with how it is loaded."""

    shard: int
    former: Path | None
    template: Path
    store: Path
    catalog: Path
    whole: FhirWhole
    source: str
    project: str
    options: dict[str, Any]
    memory: str | None


@dataclass(frozen=True)
class ExportTask:
    """A shard whose tables are to be written into the folder of a dataset, in files named by the load's mark."""

    shard: int
    store: Path
    catalog: Path
    folder: Path
    mark: str
    whole: FhirWhole
    memory: str | None


def load_shard(task: ShardTask) -> dict[str, Any]:
    """Load the part of the delivery that is the shard's. The same task may run again: it begins from the former store.

    Returns the result of the load, and how many records it counts by (file, state).
    """
    from harmonize.pipeline.load import load
    from harmonize.pipeline.stores import open_current

    task.store.parent.mkdir(parents=True, exist_ok=True)
    for old in (task.store, task.store.with_name(task.store.name + ".wal")):
        old.unlink(missing_ok=True)
    shutil.copyfile(task.former or task.template, task.store)
    with open_current(task.store, memory=task.memory) as store:
        _take_decided(store, task)
        part = FhirPart(task.whole, task.shard)
        result = load(store, [], source=task.source, project=task.project, part=part, **task.options)
        counted = _counted(store.con, task)
        keys = task.whole.folder / f"keys-{task.shard:07d}.parquet"
        store.con.execute(f"COPY ({sql('cluster/keys')}) TO {literal(str(keys))} (FORMAT parquet)")
    return {"shard": task.shard, "result": result, "counted": counted}


def _take_decided(store: Store, task: ShardTask) -> None:
    """Take over what the catalog has decided, and begin to count ids where the shard is new."""
    from harmonize.vocabulary.value_sets import refresh

    con = store.con
    con.execute(f"ATTACH {literal(str(task.catalog))} AS catalog (READ_ONLY)")
    with store.transaction():
        con.execute(sql("cluster/from_catalog"))
        refresh(con)
        if task.former is None:
            con.execute(sql("cluster/first_id"), {"first": task.shard << ID_BITS})
    con.execute("DETACH catalog")


def _counted(con: DuckDBPyConnection, task: ShardTask) -> Counter[int]:
    """How many records of each file were loaded before as they are, of those that it counts."""
    shared = f"read_parquet({literal(str(task.whole.folder / 'shared.parquet'))})"
    own = "" if task.shard == FIRST else f"AND record_id - $base NOT IN (SELECT rowid FROM {shared})"
    rows = con.execute(
        f"SELECT file_id, count(*) FROM incoming WHERE state = 'unchanged' AND record_id >= $base {own} GROUP BY ALL",
        {"base": task.whole.base},
    ).fetchall()
    return Counter(dict(rows))


def export_shard(task: ExportTask) -> dict[str, Any]:
    """Write the tables of a shard; kind (tables, shares) → table → file."""
    from harmonize.pipeline.stores import open_current

    with open_current(task.store, memory=task.memory) as store:
        first = literal(str(task.whole.folder / "codes-*.parquet"))
        with store.transaction():
            store.con.execute(
                sql("cluster/first_place").format(codes=f"read_parquet({first})"), {"submission": task.whole.submission}
            )
        store.con.execute(f"ATTACH {literal(str(task.catalog))} AS catalog (READ_ONLY)")
        made = export_tables(store.con, task.folder, task.shard, task.mark)
        store.con.execute("DETACH catalog")
    return {"shard": task.shard, **made}
