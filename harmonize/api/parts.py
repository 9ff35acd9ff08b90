"""The groups of commands that work on an open store: `db.project`, `db.submission`, `db.vocabulary` and so on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from harmonize.api.leaving import Release, Sequester
from harmonize.api.shapes import AnyPath, Record, Rows, as_path, rows
from harmonize.api.vault import Vault

if TYPE_CHECKING:
    from harmonize.audit.verify import Verified
    from harmonize.engine.store import Store
    from harmonize.export.gen3 import Gen3Export
    from harmonize.imaging.agreement import Agreement
    from harmonize.pipeline.acts.crosswalk import CrosswalkResult
    from harmonize.pipeline.acts.vocabulary import Replaced
    from harmonize.pipeline.acts.withdraw import WithdrawResult
    from harmonize.pipeline.acts.withdraw_person import PersonResult

__all__ = [
    "Audit",
    "Crosswalk",
    "Export",
    "Imaging",
    "Person",
    "Project",
    "Release",
    "Sequester",
    "Submission",
    "Vault",
    "Vocabulary",
]


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
        determination: str | None = None,
        agreement: str | None = None,
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
                determination=determination,
                agreement=agreement,
                rebuild=rebuild,
            )
        )

    def rules(self, name: str, file: AnyPath | None = None, *, who: str | None = None) -> Record:
        """What the project asks before its submissions leave; with `file` (YAML) that is set. Gives the rules."""
        from harmonize.release.rules import set_rules, shown_rules

        if file is None:
            return Record(shown_rules(self._store.con, name))
        found, told = set_rules(self._store, name, Path(file), who=who)
        self._store.notes.extend(told)
        return Record(found)


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

    def withdraw(
        self,
        project: str,
        case: str,
        *,
        all_projects: bool = False,
        who: str | None = None,
        why: str | None = None,
    ) -> PersonResult:
        """Remove a person's rows and ids and leave its records out of later loads.

        `db.notes` then name releases that hold the person, and the notices that were written.
        """
        from harmonize.pipeline.acts.withdraw_person import withdraw_person
        from harmonize.release.step import today
        from harmonize.release.withdrawal import after_withdrawal
        from harmonize.release.words import name_of, reason_of

        result = withdraw_person(
            self._store, project, case, all_projects=all_projects, who=name_of(who), why=reason_of(why)
        )
        self._store.notes += after_withdrawal(self._store, today())
        return result

    def reinstate(self, project: str, case: str, *, who: str | None = None) -> PersonResult:
        """Lift a withdrawal: the next load brings the case's records back."""
        from harmonize.pipeline.acts.withdraw_person import reinstate_person
        from harmonize.release.words import name_of

        return reinstate_person(self._store, project, case, who=name_of(who))


class Submission(_Part):
    """What was loaded when, the steps of its life, and taking it back."""

    def list(self) -> Rows:
        """All submissions with their states."""
        from harmonize.pipeline.inspect import submissions
        from harmonize.release.step import with_lives

        found = submissions(self._store.con)
        return rows(found if self._store.is_published else with_lives(self._store.con, found))

    def show(self, submission_id: int) -> Record:
        """One submission with its findings, as `harmonize submission show --json` has them."""
        from io import BytesIO

        import orjson

        from harmonize.pipeline.inspect import submissions, what_became
        from harmonize.release.step import history, open_findings
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
        listed = {"files": rows(said["files"]), "findings": rows(said["findings"])}
        life = {"steps": rows(history(con, submission_id)), "open": rows(open_findings(con, submission_id))}
        return Record({**found, **said, **listed, **life})

    def step(
        self,
        submission_id: int,
        step: Literal["embargoed", "signed", "released", "rejected"],
        *,
        who: str,
        why: str,
        until: date | None = None,
    ) -> Record:
        """Take a step of the submission's life; where it then stands. Raises RefusedError for a release that lacks
        something. `until` is the first day on which an embargoed one may be released."""
        from harmonize.release.step import take_step

        return Record(take_step(self._store, submission_id, step, who=who, why=why, until=until).to_json())

    def waive(self, submission_id: int, rule: str, *, who: str, why: str) -> Rows:
        """Let the open findings of a rule pass in a submission; what still stands against its release."""
        from harmonize.release.step import waive

        return rows(waive(self._store, submission_id, rule, who=who, why=why))

    def withdraw(self, submission_id: int, *, who: str | None = None, why: str | None = None) -> WithdrawResult:
        """Take a submission back: the rows that only it supports disappear.

        `notes` of the result name releases that hold it, and the notices that were written.
        """
        from harmonize.pipeline.acts.withdraw import withdraw
        from harmonize.release.step import today
        from harmonize.release.withdrawal import after_withdrawal
        from harmonize.release.words import name_of, reason_of

        result = withdraw(self._store, submission_id, who=name_of(who), why=reason_of(why))
        result.notes += after_withdrawal(self._store, today())
        return result


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

    def gen3(
        self,
        to: AnyPath,
        *,
        project: str | None = None,
        dataset: str | None = None,
        as_sent: bool = False,
        internal: bool = False,
        who: str | None = None,
    ) -> Gen3Export:
        """Write Gen3 node TSVs of all rows that are valid records into the folder, and the others with the reason;
        with `as_sent` without what the engine filled in.

        Without `internal` what is embargoed, rejected or sequestered is left out.
        """
        from harmonize.export.gen3 import export_gen3
        from harmonize.release.leaving import for_others, note_in_open

        note_in_open(self._store, "export.gen3", {"project": project}, internal=internal, who=who)
        with for_others(self._store, internal=internal) as store:
            return export_gen3(store, Path(to), project=project, dataset=dataset, as_sent=as_sent)


class Audit(_Part):
    """Who did what to the store."""

    def show(self, *, subject: str | None = None, since: date | None = None) -> Rows:
        """The entries of the audit log in their order."""
        from harmonize.audit.log import read_entries

        return rows(entry.to_json() for entry in read_entries(self._store.con, subject=subject, since=since))

    def verify(self, *, audit_key: AnyPath | None = None, audit_heads: AnyPath | None = None) -> Verified:
        """Compare the log with its hashes, its signed heads and their key; `problems` name what does not fit."""
        from harmonize.audit.heads import audit_files
        from harmonize.audit.verify import verify

        return verify(self._store.con, audit_files(self._store.path, as_path(audit_key), as_path(audit_heads)))
