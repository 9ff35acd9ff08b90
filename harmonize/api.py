"""A call for every command: `db = harmonize.open("midrc.duckdb")`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import duckdb

    from harmonize.export.gen3 import Gen3Export
    from harmonize.imaging.coverage import LinkResult
    from harmonize.pipeline.acts.link import MatchDays
    from harmonize.pipeline.load import LoadResult
    from harmonize.vocabulary.suggest import Suggestion


class Database:
    """An open store, or a published file opened with `read_only=True`; a context manager.

    While it is open for writing no other process can open the file, reading included. A store of an older version is
    brought up to date when it is opened for writing, with a copy kept beside it unless `keep_copy` is false.
    Raises InputError and StoreError as `engine.store.open_store`.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        read_only: bool = False,
        wait: float = 10.0,
        memory: str | None = None,
        keep_copy: bool = True,
    ) -> None:
        from harmonize.pipeline.stores import open_current

        self._store = open_current(
            path, create=not read_only, read_only=read_only, wait=wait, memory=memory, keep_copy=keep_copy
        )

    @property
    def notes(self) -> list[str]:
        """What the opening did, and which projects are to be loaded again."""
        return self._store.notes

    def load(self, path: str | Path | Iterable[str | Path], *, source: str, project: str, **options: Any) -> LoadResult:
        """Load files as `harmonize load` does; `options` are those of `pipeline.load.load`."""
        from harmonize.pipeline.load import load

        paths = [path] if isinstance(path, (str, Path)) else list(path)
        return load(self._store, [Path(name) for name in paths], source=source, project=project, **options)

    def link(self, *, match_days: MatchDays | None = None, project: str | None = None) -> LinkResult:
        """Join imaging to persons, visits and procedures, as `harmonize link` does; `match_days` is `unique`, or
        `single_pairs` to take a patient with a single pair, too."""
        from harmonize.pipeline.acts.link import link

        return link(self._store, match_days=match_days, project=project)

    def sql(self, query: str) -> duckdb.DuckDBPyRelation:
        """The rows of a SELECT as a DuckDB relation: `.df()`, `.fetchall()`, `.arrow()`.

        Here SQL is not confined, unlike `harmonize query`: it runs with the rights of the caller.
        """
        self._store.con.complete()  # a relation cannot begin while rows of an earlier statement are unread
        return self._store.con.sql(query)

    def ledger(self, submission: int | None = None, *, records: bool = False) -> list[dict[str, Any]]:
        """What became of every source record: sums by file, or one row a record (a published file has the sums)."""
        from harmonize.pipeline.inspect import ledger

        if records:
            self._store.require_records()
        return ledger(self._store.con, submission, records)

    def lineage(
        self, table: str, omop_id: int, *, published: bool = False, key_file: str | Path | None = None
    ) -> list[dict[str, Any]]:
        """The source records behind one OMOP row; with `published`, `omop_id` is one of a file published from here."""
        from harmonize.export.lineage import id_in_store
        from harmonize.pipeline.inspect import lineage

        self._store.require_records()
        if published:
            omop_id = id_in_store(self._store, table, omop_id, Path(key_file) if key_file else None)
        return lineage(self._store.con, table, omop_id)

    def unmapped(self) -> list[dict[str, Any]]:
        """Source codes that became concept 0, with the number of rows."""
        from harmonize.pipeline.inspect import unmapped

        self._store.require_records()
        return unmapped(self._store.con)

    def suggest(
        self,
        values: Iterable[str],
        *,
        domain: str | None = None,
        unit: str | None = None,
        vocabulary: str | None = None,
        limit: int = 5,
    ) -> dict[str, list[Suggestion]]:
        """Standard concepts for source values, best first (`harmonize mapping suggest`)."""
        from harmonize.vocabulary.suggest import Term, suggest

        asked = list(dict.fromkeys(values))
        found = suggest(self._store.con, [Term(value, domain, unit, vocabulary) for value in asked], limit=limit)
        return dict(zip(asked, found, strict=True))

    def export_gen3(self, to: str | Path, *, project: str | None = None, dataset: str | None = None) -> Gen3Export:
        """Write Gen3 submission TSVs into the folder `to` (`harmonize export gen3`)."""
        from harmonize.export.gen3 import export_gen3

        return export_gen3(self._store, Path(to), project=project, dataset=dataset)

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.close(failed=problem is not None)
