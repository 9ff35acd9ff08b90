"""The groups of commands that work on an open store: `db.project`, `db.submission`, `db.vocabulary` and so on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from harmonize.api.shapes import AnyPath, Record, Rows, as_path, rows

if TYPE_CHECKING:
    from harmonize.engine.store import Store
    from harmonize.export.gen3 import Gen3Export
    from harmonize.imaging.agreement import Agreement
    from harmonize.pipeline.acts.crosswalk import CrosswalkResult
    from harmonize.pipeline.acts.vocabulary import Replaced
    from harmonize.pipeline.acts.withdraw import WithdrawResult
    from harmonize.pipeline.acts.withdraw_person import PersonResult


class _Part:
    """A group of calls on one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __repr__(self) -> str:
        calls = [name for name in dir(type(self)) if not name.startswith("_")]
        return f"{type(self).__name__.lower()}: {', '.join(calls)}"


class Project(_Part):
    """Projects: their time policies and other settings."""

    def list(self) -> Rows:
        """The projects of the store with their time policies."""
        from harmonize.pipeline.project import list_projects

        self._store.require_records()
        return rows(list_projects(self._store.con))

    def show(self, name: str) -> Record:
        """All settings of one project. Raises InputError for an unknown one."""
        from harmonize.pipeline.project import show_project

        self._store.require_records()
        return Record(show_project(self._store.con, name))

    def set(
        self,
        name: str,
        *,
        time: Literal["offset", "shifted", "as_is"] | None = None,
        source_anchor: date | None = None,
        anchor: date | None = None,
        key_file: AnyPath | None = None,
        imaging_date_offset_days: int | None = None,
        unknown_age: Literal["sentinel", "quarantine"] | None = None,
        observation_period: Literal["events", "themis_60d"] | None = None,
        medication_request: Literal["cdm", "ig_table", "none"] | None = None,
        shifted_by_source: bool | None = None,
        uids: Literal["public", "remap"] | None = None,
        match_days: Literal["no", "unique", "single_pairs"] | None = None,
        deletion_share: float | None = None,
        rebuild: bool = False,
    ) -> Record:
        """Change the given settings, the others stay; a later change of the time policy needs `rebuild`. Gives all."""
        from harmonize.pipeline.project import set_project

        return Record(
            set_project(
                self._store,
                name,
                time=time,
                source_anchor=source_anchor,
                anchor=anchor,
                key_file=as_path(key_file),
                imaging_date_offset_days=imaging_date_offset_days,
                unknown_age=unknown_age,
                observation_period=observation_period,
                medication_request=medication_request,
                shifted_by_source=shifted_by_source,
                uids=uids,
                match_days=match_days,
                deletion_share=deletion_share,
                rebuild=rebuild,
            )
        )


class Crosswalk(_Part):
    """Cases of several projects that are one person."""

    def load(self, file: AnyPath) -> CrosswalkResult:
        """Read pairs of cases, a CSV or TSV; those that share a time base become one person."""
        from harmonize.pipeline.acts.crosswalk import load_crosswalk

        return load_crosswalk(self._store, Path(file))

    def remove(self, file: AnyPath) -> CrosswalkResult:
        """Undo the pairs of a file: merged cases become separate persons again."""
        from harmonize.pipeline.acts.crosswalk import remove_crosswalk

        return remove_crosswalk(self._store, Path(file))


class Person(_Part):
    """Withdrawing a person for good, and lifting that."""

    def withdraw(self, project: str, case: str, *, all_projects: bool = False) -> PersonResult:
        """Remove a person's rows and ids and leave its records out of later loads."""
        from harmonize.pipeline.acts.withdraw_person import withdraw_person

        return withdraw_person(self._store, project, case, all_projects=all_projects)

    def reinstate(self, project: str, case: str) -> PersonResult:
        """Lift a withdrawal: the next load brings the case's records back."""
        from harmonize.pipeline.acts.withdraw_person import reinstate_person

        return reinstate_person(self._store, project, case)


class Submission(_Part):
    """What was loaded when, and taking it back."""

    def list(self) -> Rows:
        """All submissions with their states."""
        from harmonize.pipeline.inspect import submissions

        return rows(submissions(self._store.con))

    def show(self, submission_id: int) -> Record:
        """One submission with its findings, as `harmonize submission show --json` has them."""
        from io import BytesIO

        import orjson

        from harmonize.pipeline.inspect import submissions, what_became
        from harmonize.validation.report.findings import report
        from harmonize.validation.report.model import ReportFile
        from harmonize.validation.undated import undated_kinds, undated_sentence

        self._store.require_records()
        con = self._store.con
        (found,) = submissions(con, submission=submission_id)
        files = con.execute(
            "SELECT file_id, name, record_type, records FROM harmonize.source_file WHERE submission_id = ? ORDER BY 1",
            [submission_id],
        ).fetchall()
        out = BytesIO()
        told = undated_sentence(undated_kinds(con, submission_id))
        became = what_became(con, submission_id)
        report(con, [ReportFile(*file) for file in files], out, format="json", became=became, notes=told)
        said = orjson.loads(out.getvalue())
        return Record({**found, **said, "files": rows(said["files"]), "findings": rows(said["findings"])})

    def withdraw(self, submission_id: int) -> WithdrawResult:
        """Take a submission back: the rows that only it supports disappear."""
        from harmonize.pipeline.acts.withdraw import withdraw

        return withdraw(self._store, submission_id)


class Vocabulary(_Part):
    """The OMOP vocabulary of the store."""

    def load(self, download: AnyPath) -> Replaced:
        """Replace the vocabulary by an Athena download; what it lacks comes from the shipped starter.

        `.changed` and `.concepts` say what that did to the rows.
        """
        from harmonize.pipeline.acts.vocabulary import load_vocabulary

        return load_vocabulary(self._store, Path(download))

    def status(self) -> Record:
        """Which vocabulary the store holds, and what the starter fills in."""
        from harmonize.vocabulary.status import status

        return Record(status(self._store.con))

    def search(
        self,
        term: str,
        *,
        domain: str | None = None,
        vocabulary: str | None = None,
        standard: bool = False,
        limit: int = 20,
    ) -> Rows:
        """Concepts by code, CURIE, name or synonym, the best fit first."""
        from harmonize.vocabulary.search import search

        return rows(search(self._store.con, term, limit, domain, vocabulary, standard))


class Imaging(_Part):
    """Readings of images."""

    def agreement(self, project: str | None = None) -> Agreement:
        """What readers of images say together, and how far they agree (kappa)."""
        from harmonize.imaging.agreement import agreement

        return agreement(self._store.con, project)


class Export(_Part):
    """The hub's rows as others read them."""

    def gen3(self, to: AnyPath, *, project: str | None = None, dataset: str | None = None) -> Gen3Export:
        """Write Gen3 node TSVs of all rows that are valid records into the folder, and the others with the reason."""
        from harmonize.export.gen3 import export_gen3

        return export_gen3(self._store, Path(to), project=project, dataset=dataset)
