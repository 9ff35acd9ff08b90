"""Validate a delivery in a database of its own that is thrown away: stage, choose classes, check files and batch."""

from __future__ import annotations

import time
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.progress import as_meter
from harmonize.engine.scratch import OnScratch, scratch_database
from harmonize.engine.sql_text import literal
from harmonize.engine.store import open_store
from harmonize.engine.version import __version__
from harmonize.intake.discover import discover
from harmonize.intake.sources import find_source, mapping_of
from harmonize.schema.column_map import assumed, with_columns
from harmonize.validation.asked import asked_rules
from harmonize.validation.batch.check import check_batch
from harmonize.validation.batch.model import Batch
from harmonize.validation.class_reads import class_reads
from harmonize.validation.delivery import SUBMISSION, CheckedDelivery
from harmonize.validation.dicom import check_images
from harmonize.validation.fhir.delivery import check_resources
from harmonize.validation.keys import with_keys
from harmonize.validation.outcome import Asked
from harmonize.validation.privacy import titles
from harmonize.validation.privacy.cells import create_private_text
from harmonize.validation.report.findings import MAX_FINDINGS, report
from harmonize.validation.report.model import About, ReportFile, Summary
from harmonize.validation.settle import settle
from harmonize.validation.site.apply import Site
from harmonize.validation.spans import with_spans
from harmonize.validation.table.findings import create_tables
from harmonize.validation.undated import undated_kinds, undated_sentence
from harmonize.vocabulary.value_set_check import refuse_unsound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.intake.fhir.stage import FhirFile
    from harmonize.intake.source_file import SourceFile
    from harmonize.mapping.plan import MappingPlan
    from harmonize.schema.model import Schema
    from harmonize.validation.outcome import Foresee, LoadOutcome
    from harmonize.validation.report.model import Muted

_STORE = "store"
FORESEEING = 0.4
"""Of the work on a delivery, what it takes to foresee a load."""


@dataclass
class Validation(OnScratch):
    """A delivery that was checked; a context manager that drops its database at the end."""

    files: list[ReportFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    muted: Muted | None = None
    outcome: LoadOutcome | None = None
    site_decides: bool = False
    about: About | None = None

    @property
    def told(self) -> list[str]:
        """Sentences for people: what was not checked, what was written, what a baseline muted."""
        return [*self.notes, self.muted.sentence()] if self.muted else self.notes

    def exit_code(self, summary: Summary) -> int:
        """2 where a load would refuse the delivery, 1 where there are errors or it would quarantine records, else 0.

        Where a site has severities of its own, or a baseline, its errors alone decide between 1 and 0.
        """
        if summary.refused:
            return 2
        return 1 if summary.errors or (summary.quarantined and not self.site_decides) else 0

    def write(self, out: BinaryIO, *, format: str = "text", limit: int = MAX_FINDINGS) -> Summary:
        """Write the findings (see `harmonize.validation.report.findings.report`) and return their sums."""
        return report(
            self.con,
            self.files,
            out,
            format=format,
            limit=limit,
            notes=self.told,
            muted=self.muted,
            outcome=self.outcome,
            about=self.about,
        )


def validate(
    paths: Sequence[Path],
    *,
    source: str,
    mapping: str | None = None,
    db: Path | None = None,
    project: str | None = None,
    site: Site | None = None,
    pictures: bool = False,
    deep: bool = False,
    columns: Path | None = None,
    without: Sequence[str] = (),
    memory: str | None = None,
    foresee: Foresee | None = None,
    wait: float = 10.0,
    progress: Callable[[str], None] | None = None,
) -> Validation:
    """Check a delivery by the rules of the mapping's source schema; without a mapping by structure alone.

    The files are checked one by one and then together; with `db`, a store that is only read, also against what is
    loaded (of `project` where it is given). `site` holds the site's settings, baseline and the folder for a fixed copy;
    `pictures` asks for what the HTML report draws, `deep` for the slow check of all FHIR resources; `columns` is
    a file of the site's own headers (harmonize.schema.column_map), `without` names files that the mapping looks up and
    that are left out on purpose, `foresee` tells what a load would make of it.
    Raises InputError for a source that is not supported, unreadable files, a delivery of which no file fits a class of
    the schema; StoreError where the store cannot be opened in `wait` seconds.
    """
    started = time.perf_counter()
    note = as_meter(progress)
    site = site or Site()
    site.check(paths)
    if source in ("fhir", "dicom") and (site.copy or mapping):
        raise InputError(f"--fixed and --mapping are for tables, not for --source {source}.", "Leave them out.")
    if deep and source != "fhir":
        raise InputError(f"--deep is for --source fhir, not for {source}.", "Leave it out.")
    schema, plan, folder = _schema(source, mapping, columns)
    reads = {} if plan is None else class_reads(plan, folder)
    images = find_source(source).reads == "headers"
    sent = [] if images else [file for file in discover(paths) if file.format != "skipped"]
    files, held = titles.hide_names(sent)
    foreseen = foresee is not None and schema is not None and plan is not None
    size = _bytes(paths) if images else sum(file.size for file in sent)
    note.expect(size, 1.0 if foreseen else 1.0 - FORESEEING)
    with ExitStack() as stack:
        result = Validation(_database(stack, memory), stack, notes=[] if schema is None else assumed(schema))
        store = None if db is None else _attach(result.con, db, wait)
        delivery = CheckedDelivery(result.con, schema, reads)
        resources: Sequence[FhirFile] = ()
        if source == "fhir":
            result.files, resources, notes = check_resources(
                result.con, files, held, store, deep=deep, project=project, progress=note
            )
            result.notes += notes
        elif images and schema is not None:
            result.files, delivery.checked = check_images(
                result.con, paths, schema, (store, project), submission=SUBMISSION, keeping=nullcontext, progress=note
            )
        else:
            _check_tables(result, delivery, files, held, (store, project), site.prepare, note)
        if foresee is not None and schema is not None and plan is not None:
            settle(result.con, SUBMISSION)
            names = {file.file_id: file.name for file in result.files}
            tables = [(staged, cls, names[staged.file_id]) for staged, cls in delivery.checked]
            asked = Asked(result.con, plan, schema, tables, store, project, SUBMISSION, resources, without)
            with note.over(FORESEEING, result.con):
                found = foresee(asked)
            refusals = tuple(problem for _, problem in delivery.refused)
            result.outcome = replace(found, refusals=(*refusals, *found.refusals))
        result.notes += site.apply_config(result.con)
        result.notes += undated_sentence(undated_kinds(result.con, SUBMISSION))
        settle(result.con, SUBMISSION)
        if not images and source != "fhir":
            delivery.name_records()
        if pictures:
            result.files = delivery.with_profiles(result.files)
        result.notes += site.write_fixed(result.con, sent, [file.name for file in files], delivery.checked)
        result.site_decides = site.decides
        result.muted = site.mute(result.con, result.files)
        size = size if images else sum({file.path: file.size for file in sent}.values())
        about = _about(source, mapping, plan, project, asked_rules(source, schema), size)
        result.about = replace(about, vocabulary=store and _vocabulary(result.con, store))
        result.seconds = time.perf_counter() - started
        result.stack = stack.pop_all()
    return result


def _about(
    source: str,
    mapping: str | None,
    plan: MappingPlan | None,
    project: str | None,
    rules: frozenset[str],
    size: int,
) -> About:
    """What the report is of; a site is known by the mapping that was named for it."""
    return About(
        source,
        _now(),
        __version__,
        rules,
        size,
        site=plan.name.rpartition("/")[2] if plan and mapping else None,
        project=project,
        mapping=plan.name if plan else None,
        mapping_version=plan.version if plan else None,
    )


def _vocabulary(con: DuckDBPyConnection, store: str) -> str | None:
    """The version of the vocabulary that a store has."""
    found = con.execute(
        f"SELECT max(vocabulary_version) FROM {store}omop.vocabulary WHERE vocabulary_id = 'None'"
    ).fetchone()
    return found[0] if found else None


def _bytes(paths: Sequence[Path]) -> int:
    """The bytes below the paths, of which a scan of images reads the headers."""
    files = (file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]))
    return sum(file.stat().st_size for file in files if file.is_file())


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _check_tables(
    result: Validation,
    delivery: CheckedDelivery,
    files: Sequence[SourceFile],
    held: dict[str, str],
    loaded: tuple[str | None, str | None],
    prepare: Callable[[DuckDBPyConnection], None],
    note: Callable[[str], None],
) -> None:
    """Check the tables of a delivery one by one and then together; `loaded` are the store's prefix and the project,
    `prepare` brings the site's settings into a database."""
    result.files = delivery.check_files(files, held, note, prepare, loaded)
    if all(file.file_id is None for file in result.files):
        told = "; ".join(f"{file.name}: {file.note}" for file in result.files[:3])
        raise InputError("Nothing in the delivery can be read as a table.", told)
    delivery.check_names()
    if delivery.schema is None:
        result.notes.append(
            "Without --mapping only structure, encoding and privacy are checked: no schema says what the columns hold."
        )
    else:
        note("all files together")
        check_batch(Batch(result.con, delivery.schema, delivery.checked, *loaded), SUBMISSION, has_functions=True)


def _schema(
    source: str, mapping: str | None, columns: Path | None
) -> tuple[Schema | None, MappingPlan | None, Path | None]:
    """The source schema, the mapping and its folder, as a load takes them. Raises InputError for a mapping that a load
    refuses."""
    from harmonize.mapping.compiler.compile import load_mapping, mapping_folder, source_schema

    name = mapping_of(source, mapping, columns is not None)
    if name is None:
        return None, None, None
    folder, plan = mapping_folder(name), load_mapping(name)
    refuse_unsound(folder)
    schema = with_spans(with_keys(source_schema(folder, plan.source_schema), plan), plan)
    return (schema if columns is None else with_columns(schema, columns)), plan, folder


def _database(stack: ExitStack, memory: str | None) -> DuckDBPyConnection:
    con = scratch_database(stack, memory)
    create_tables(con)
    create_private_text(con, shared=True)
    # Not TEMP as in a store: the connections that check one file each see them, too.
    con.execute(sql("functions").replace("TEMP MACRO", "MACRO"))
    return con


def _attach(con: DuckDBPyConnection, path: Path, wait: float) -> str:
    """Attach a store to be read, and return the prefix of its schemas. Opening it first tells what is wrong with it."""
    with open_store(path, read_only=True, wait=wait) as store:
        store.require_records()
    con.execute(f"ATTACH {literal(str(path))} AS {_STORE} (READ_ONLY)")
    return f"{_STORE}."
