"""An open store: the calls that work on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from harmonize.api.parts import (
    Audit,
    Crosswalk,
    Export,
    Imaging,
    Person,
    Project,
    Release,
    Sequester,
    Submission,
    Vault,
    Vocabulary,
)
from harmonize.api.shapes import Answer, AnyPath, Paths, Rows, Told, as_path, as_paths, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from harmonize.engine.store import Store
    from harmonize.export.gen3 import Gen3Export
    from harmonize.imaging.coverage import LinkResult
    from harmonize.pipeline.acts.link import MatchDays
    from harmonize.pipeline.load_result import LoadResult
    from harmonize.quality.result import QualityResult
    from harmonize.vocabulary.suggest import Suggestion


def _rows(store: Store, statement: str, bound: Mapping[str, object]) -> Rows:
    return Answer(store.con.sql(statement, params=dict(bound) or None)).rows()


class Database:
    """An open store, or a published file opened with `read_only=True`; a context manager.

    While it is open for writing no other process can open the file, reading included. A store of an older version is
    brought up to date when it is opened for writing, with a copy kept beside it unless `keep_copy` is false.
    Raises InputError and StoreError as `engine.store.open_store`.
    """

    def __init__(
        self,
        path: AnyPath,
        *,
        create: bool = False,
        read_only: bool = False,
        wait: float = 10.0,
        memory: str | None = None,
        keep_copy: bool = True,
    ) -> None:
        from harmonize.engine.errors import InputError
        from harmonize.pipeline.stores import open_current

        file = Path(path)
        if not file.exists() and not create:
            raise InputError(
                f"{file} does not exist.", f"To make a new store: harmonize.open({str(file)!r}, create=True)"
            )
        self._store = open_current(
            file,
            create=create and not read_only,
            read_only=read_only,
            wait=wait,
            memory=memory,
            keep_copy=keep_copy,
        )
        self.project = Project(self._store)
        self.crosswalk = Crosswalk(self._store)
        self.person = Person(self._store)
        self.submission = Submission(self._store)
        self.vocabulary = Vocabulary(self._store)
        self.imaging = Imaging(self._store)
        self.export = Export(self._store)
        self.sequester = Sequester(self._store)
        self.release = Release(self._store)
        self.audit = Audit(self._store)
        self.vault = Vault(self._store)

    def __repr__(self) -> str:
        kind = "published file" if self._store.is_published else "store"
        return f"<{kind} {self._store.path}{', read-only' if self._store.read_only else ''}>"

    @property
    def notes(self) -> list[str]:
        """What the opening did, and which projects are to be loaded again."""
        return self._store.notes

    def load(
        self,
        paths: Paths = (),
        *,
        source: str,
        project: str,
        mapping: AnyPath | None = None,
        mode: Literal["upsert", "snapshot"] = "upsert",
        collections: Sequence[str] = (),
        strict_row: bool = False,
        columns: AnyPath | None = None,
        data_pull: date | None = None,
        match_days: MatchDays | None = None,
        without: Sequence[str] = (),
        allow_deletions: bool = False,
        retained_phi: bool = False,
        vault: AnyPath | None = None,
        vault_key: AnyPath | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> LoadResult:
        """Load a contributor's files (files, folders, zip or gz), whole or not at all, as `harmonize load` does.

        `source` is ehr, fhir, cirr, ricord, gen3, dicom or idc (whose installed public index is read without paths);
        `mapping` a shipped mapping's name or a folder; with `mode` snapshot, what is no longer sent is withdrawn;
        `strict_row` quarantines a record for one bad cell; `match_days` also links (see `link`); `retained_phi` keeps
        identifying values in the vault, where the rules of the project allow it.
        """
        from harmonize.intake.sources import default_paths
        from harmonize.pipeline.load import load
        from harmonize.pipeline.vault.files import vault_files

        files = vault_files(self._store.path, as_path(vault), as_path(vault_key))

        result = load(
            self._store,
            as_paths(paths) or default_paths(source),
            source=source,
            project=project,
            mapping=None if mapping is None else str(mapping),
            mode=mode,
            collections=tuple(collections),
            strict_row=strict_row,
            columns=as_path(columns),
            data_pull=data_pull,
            without=tuple(without),
            allow_deletions=allow_deletions,
            match_days=match_days,
            retained=files if retained_phi else None,
            progress=progress,
        )
        if match_days is not None:
            linked = self.link(match_days=match_days, project=project)
            result.notes += [line for match in linked.day_matches for line in match.sentences()]
        return result

    def link(self, *, match_days: MatchDays | None = None, project: str | None = None) -> LinkResult:
        """Join imaging to persons, visits and procedures, as `harmonize link` does; `match_days` is `unique`, or
        `single_pairs` to take a patient with a single pair, too."""
        from harmonize.pipeline.acts.link import link

        return link(self._store, match_days=match_days, project=project)

    def sql(self, query: str) -> Answer:
        """The rows of a SELECT: `.df()`, `.pl()`, `.arrow()`, `.fetchall()`; `.notes` say why nothing is found.

        Here SQL is not confined, unlike `harmonize.query`: it runs with the rights of the caller.
        """
        self._store.con.complete()  # a relation cannot begin while rows of an earlier statement are unread
        return Answer(self._store.con.sql(query), lambda: self._why_empty(query))

    def _why_empty(self, statement: str) -> list[str]:
        from harmonize.export.why_empty import asked_of

        return list(
            dict.fromkeys(row["sentence"] for asked in asked_of(statement) for row in _rows(self._store, *asked))
        )

    def ask(self, name: str, **parameters: str | int | float | bool | date | None) -> Told:
        """The rows of a shipped question: `db.ask("icu-after-first-film", days=7)`.

        `.notes` say what the store lacks for it. `harmonize.questions.list()` has the questions, `.show(name)` the
        parameters of one.
        """
        from harmonize.export.ask_question import in_its_schema, needs, of_schema, sentences, translated
        from harmonize.export.questions import question
        from harmonize.release.leaving import for_others

        asked = question(name)
        values = asked.values(parameters)
        self._store.con.complete()
        with for_others(self._store) as store, translated():
            bound = asked.bound(values)
            schema, answer = in_its_schema(
                asked.sql, lambda text: _rows(store, text, bound), lambda text: _rows(store, text, {})
            )
            text, wanted = needs(asked, values)
            lacking = [row["sentence"] for row in _rows(store, of_schema(text, schema), wanted)]
        return Told(answer, sentences(asked, values, len(answer), lacking))

    def ledger(self, submission: int | None = None, *, records: bool = False, columns: bool = False) -> Rows:
        """What became of every source record: sums by file; with `records` those that were not loaded (a published file
        has the sums alone), with `columns` sums over the cells of each column."""
        from harmonize.engine.errors import InputError
        from harmonize.pipeline import inspect

        if records and columns:
            raise InputError("Give either records or columns.")
        if records:
            self._store.require_records()
        if columns:
            return rows(inspect.ledger_columns(self._store.con, submission))
        return rows(inspect.ledger(self._store.con, submission, records))

    def lineage(
        self,
        table: str,
        omop_id: int,
        *,
        published: bool = False,
        key_file: AnyPath | None = None,
        profile: str | None = None,
        codes: AnyPath | None = None,
    ) -> Rows:
        """The source records behind one OMOP row; with `published`, `omop_id` is one of a file published from here."""
        from harmonize.export.lineage import id_in_store
        from harmonize.pipeline.inspect import lineage

        self._store.require_records()
        if published:
            omop_id = id_in_store(self._store, table, omop_id, as_path(key_file), profile, as_path(codes))
        return rows(lineage(self._store.con, table, omop_id))

    def unmapped(self) -> Rows:
        """Source codes that became concept 0, with the number of rows."""
        from harmonize.pipeline.inspect import unmapped

        self._store.require_records()
        return rows(unmapped(self._store.con))

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

    def export_gen3(
        self,
        to: AnyPath,
        *,
        project: str | None = None,
        dataset: str | None = None,
        as_sent: bool = False,
        internal: bool = False,
        who: str | None = None,
    ) -> Gen3Export:
        """The same as `export.gen3`."""
        return self.export.gen3(to, project=project, dataset=dataset, as_sent=as_sent, internal=internal, who=who)

    def quality(
        self,
        *,
        site: str | None = None,
        format: Literal["text", "json", "html"] = "html",
        output: AnyPath | None = None,
        internal: bool = False,
        who: str | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> QualityResult:
        """The checks of OHDSI's Data Quality Dashboard and our own, as `harmonize quality` runs them.

        `ok` of the result is whether no check failed, `to_json()` the Dashboard's result file. With `site` only what is
        asked by site. With `output` a document is written there in `format`. Without `internal` what is embargoed,
        rejected or sequestered is left out.
        """
        from harmonize.engine.files import replacing
        from harmonize.quality.quality import document, quality
        from harmonize.release.leaving import for_others, note_in_open

        self._store.con.complete()
        if internal:
            note_in_open(self._store, "quality", {"site": site}, internal=True, who=who)
        with for_others(self._store, internal=internal) as store:
            result = quality(store, site=site, progress=progress)
            if output is not None:
                with replacing(Path(output)) as partial:
                    partial.write_text(document(store, result, format, site), encoding="utf-8")
        return result

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.close(failed=problem is not None)
