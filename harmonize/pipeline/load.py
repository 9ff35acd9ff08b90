"""A load: intake, stage, check, map, standardize, link, ledger, commit. One transaction; all or nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.audit.steps import record_arrival
from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.paths import sql
from harmonize.engine.shown import Shown
from harmonize.engine.version import __version__
from harmonize.intake.sources import SOURCES, find_source, mapping_of
from harmonize.mapping.compiler.compile import identity, load_mapping, mapping_folder, source_schema
from harmonize.mapping.compiler.functions import install as install_functions
from harmonize.mapping.explain.drafted import draft_note
from harmonize.mapping.name import is_shipped
from harmonize.pipeline import changes
from harmonize.pipeline.acts.withdraw_person import exclude_withdrawn
from harmonize.pipeline.before_birth import note_before_birth
from harmonize.pipeline.days_told import note_days_told
from harmonize.pipeline.derive import derive, describe_store, new_run, touch_moved_pull, touch_none
from harmonize.pipeline.finish import before_commit
from harmonize.pipeline.hub import map_to_hub, move_hub_rows
from harmonize.pipeline.late_names import mask_earlier_texts
from harmonize.pipeline.ledger import ledger
from harmonize.pipeline.ledger.vanished import refuse_vanishing
from harmonize.pipeline.mapping_findings import note_mapping_findings
from harmonize.pipeline.new_project import is_new, told_of_cases, told_of_name
from harmonize.pipeline.project import ensure_project, find_project
from harmonize.pipeline.sources.delivery import Delivery
from harmonize.pipeline.sources.dicom import stage_imaging
from harmonize.pipeline.sources.fhir import stage_resources
from harmonize.pipeline.sources.tables import stage_tables
from harmonize.schema.column_map import assumed, version_with, with_columns
from harmonize.validation.keys import with_keys
from harmonize.validation.spans import with_spans
from harmonize.validation.undated import undated_kinds, undated_sentence
from harmonize.vocabulary.resolve import replaced_codes
from harmonize.vocabulary.value_set_check import refuse_unsound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.engine.steps import Ran, Run
    from harmonize.engine.store import Store
    from harmonize.mapping.plan import MappingPlan
    from harmonize.pipeline.sources.delivery import Part, Staged

WITHOUT_ERA = "eras/drug_without_era"
"""The step whose rows are the drug exposures that are in no drug era."""


@dataclass(repr=False)
class LoadResult(Shown):
    """What a load did: the numbers of `load --json` and the sentences for people."""

    submission: int
    files: int
    states: dict[str, int]
    records: int
    cells_quarantined: int
    findings: dict[str, int]
    rows: dict[str, dict[str, int]]
    seconds: float
    undated: dict[str, int] = field(default_factory=dict)
    without_era: int = 0
    waiting: int = 0
    notes: list[str] = field(default_factory=list)
    steps: list[Ran] = field(default_factory=list)

    @property
    def negative(self) -> bool:
        """Whether the result is negative: records were quarantined or still are (`waiting`: of earlier loads of the
        project), or there are findings of severity error."""
        return self.states["quarantined"] + self.waiting > 0 or self.findings["errors"] > 0

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize load --json` prints."""
        return {
            "submission": self.submission,
            "files": self.files,
            "records": self.records,
            **self.states,
            "waiting": self.waiting,
            "no_date": self.undated,
            "cells_quarantined": self.cells_quarantined,
            "findings": self.findings,
            "rows": self.rows,
            "seconds": round(self.seconds, 3),
            "balanced": True,
        }

    def explain_lines(self) -> list[str]:
        """The steps that ran, in order: the rows that each made, added or changed, and milliseconds (docs/steps.md)."""
        lines = [f"{'step':<40} {'rows':>12} {'ms':>9}"]
        for ran in self.steps:
            rows = "" if ran.rows is None else f"{ran.rows:,}"
            lines.append(f"{ran.step:<40} {rows:>12} {1000 * ran.seconds:>9.1f}")
        seconds = sum(ran.seconds for ran in self.steps)
        return [*lines, f"{len(self.steps)} steps, {seconds:.2f} s of {self.seconds:.2f} s."]

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        parts = [f"{count:,} {state}" for state, count in self.states.items() if count]
        lines = [
            f"Submission {self.submission}: {self.records:,} records in {self.files} file"
            f"{'' if self.files == 1 else 's'}: {', '.join(parts) or 'none'} (balanced), {self.seconds:.1f} s.",
            *self.notes,
        ]
        if self.findings["errors"] or self.findings["warnings"]:
            lines.append(
                f"Findings: {self.findings['errors']:,} errors, {self.findings['warnings']:,} warnings; "
                f"{self.cells_quarantined:,} cells quarantined. "
                f"See: harmonize submission show {self.submission}"
            )
        if self.waiting:
            lines.append(
                f"  {self.waiting:,} records of earlier loads of the project are still quarantined; every load tries "
                "them again. See: harmonize ledger --records"
            )
        for sentence in undated_sentence(self.undated):
            lines.append(f"  {sentence} A line counts as loaded all the same for what else it tells.")
        if self.without_era:
            lines.append(
                f"  {self.without_era:,} drug exposures of the patients concerned are in no drug era, as they have no "
                "concept or one without a known ingredient. See: harmonize unmapped"
            )
        for table, change in self.rows.items():
            moved = [f"{change[what]:,} {what}" for what in ("inserted", "replaced", "deleted") if change[what]]
            if moved:
                lines.append(f"  {table:<22} {', '.join(moved)}; {change['total']:,} in all")
        return lines


def load(
    store: Store,
    paths: Sequence[Path | str],
    *,
    source: str,
    project: str,
    mapping: str | None = None,
    mode: str = "upsert",
    collections: Sequence[str] = (),
    strict_row: bool = False,
    columns: Path | str | None = None,
    data_pull: date | None = None,
    without: Sequence[str] = (),
    allow_deletions: bool = False,
    match_days: str | None = None,
    part: Part | None = None,
    progress: Callable[[str], None] | None = None,
) -> LoadResult:
    """Load a delivery into the store and return what became of every record.

    `source` is one of ehr, idc ...; `mapping` a shipped mapping's name or a folder (a source may have its own);
    `mode` is upsert (new and changed records) or snapshot (records of the delivered types that are absent are deleted);
    `collections` chooses rows of an index; `strict_row` quarantines a record for any bad cell;
    `columns` is a file of the site's own headers (harmonize.schema.column_map); `data_pull` the day up to which the
    source's data reach (absent: what the manifest of a bulk export states as its transactionTime).
    `without` names files that the mapping looks up and that are not delivered on purpose; `allow_deletions` lets a
    snapshot delete more than the project's share of a type (docs/conventions.md). `match_days` has a project that
    counts days match them with images from now on (docs/linking.md). `part`: the store holds some of the cases of a
    larger whole, and what is loaded are their records of a delivery that was staged as a whole (harmonize/cluster).
    Raises InputError for what cannot be read or mapped, InternalError for an unbalanced ledger; then nothing is
    committed.
    """
    started = time.perf_counter()
    note = progress or (lambda _step: None)
    spec = find_source(source)
    if mode not in ("upsert", "snapshot"):
        raise InputError(f"There is no mode {mode!r}.", "upsert or snapshot.")
    if data_pull is not None and data_pull > datetime.now(UTC).date():
        raise InputError(f"The data pull {data_pull} lies in the future.", "It is the day up to which the data reach.")
    if collections and spec.collection_column is None:
        raise InputError(f"--collection belongs to --source {_with_collections()}, not to {source}.")
    name = mapping_of(source, mapping, columns is not None)
    if name is None:
        raise InputError(f"--source {source} needs --mapping NAME.", "See: harmonize mapping list")
    plan = load_mapping(name)
    if plan.target_schema != "midrc":
        raise InputError(
            f"The mapping {plan.name} makes rows of the schema {plan.target_schema!r}; a store holds those of midrc.",
            "Set target_schema: midrc, or use the mapping from Python (harmonize.mapping.select).",
        )
    folder = mapping_folder(name)
    refuse_unsound(folder)
    schema = with_spans(with_keys(source_schema(folder, plan.source_schema), plan), plan)
    if columns is not None:
        headers = Path(columns)
        schema, plan = with_columns(schema, headers), replace(plan, version=version_with(plan.version, headers))
    con = store.con
    install_functions(con)
    notes = [*assumed(schema), *draft_note(folder, name)]
    try:
        inputs = [Path(path) for path in paths]
        staged: Staged
        if part is not None:
            staged = part.stage(con, notes)
        elif spec.reads == "resources":
            staged = stage_resources(con, inputs, notes, note)
        elif spec.reads == "headers":
            staged = stage_imaging(store, inputs, schema, notes, note)
        else:
            staged = stage_tables(con, inputs, schema, spec, collections, notes, note)
        staged.require_lookups(con, plan, schema, project, without)
        with store.transaction():
            changes.begin(con)
            notes += told_apart(con, plan, folder)
            pull = data_pull or staged.data_pull()
            submission = new_submission(con, source, project, plan, mode, pull, part.submission if part else None)
            delivery = Delivery(
                plan, schema, folder, project, submission, mode, strict_row, allow_deletions, match_days
            )
            steps = _load_records(con, delivery, staged, note, notes)
            if any(ran.step == "codes/coding_target" for ran in steps):
                notes += replaced_codes(con)
            result = _result(con, delivery, staged.files())
            record_arrival(con, submission, project, _told_of(delivery, result))
            note("commit")
    finally:
        _drop_stage(con)
    result.seconds = time.perf_counter() - started
    result.notes = notes
    result.steps = steps
    result.without_era = sum(ran.rows or 0 for ran in steps if ran.step == WITHOUT_ERA)
    return result


def _with_collections() -> str:
    return ", ".join(name for name, source in SOURCES.items() if source.collection_column)


def told_apart(con: DuckDBPyConnection, plan: MappingPlan, folder: Path) -> list[str]:
    """Note which mapping the plan's name stands for in this store, and return what is to be told of it.

    Raises InputError where the name belongs to another mapping, whose value sets this one would replace.
    """
    hint = "Give one of them a name of its own: a line name: in its project.yaml."
    own = identity(folder, plan.source_schema)
    if is_shipped(plan.name) and own != f"shipped:{plan.name}":
        raise InputError(f"The mapping in {folder} has the name of a shipped one, {plan.name}.", hint)
    known = dict(con.execute("SELECT name, identity FROM harmonize.mapping_identity").fetchall())
    if known.get(plan.name, own) != own:
        other, this = (said or "one without an id" for said in (known[plan.name], own))
        raise InputError(f"The store knows another mapping named {plan.name}: {other}; this is {this}.", hint)
    if plan.name in known:
        return []
    con.execute("INSERT INTO harmonize.mapping_identity VALUES (?, ?)", [plan.name, own])
    return [
        f"The mapping {plan.name} has the id of {name}, whose value sets go on to count; "
        f"a mapping keeps its name by the line name: {name} in its project.yaml."
        for name, other in known.items()
        if own and other == own
    ]


def new_submission(
    con: DuckDBPyConnection,
    source: str,
    project: str,
    plan: MappingPlan,
    mode: str,
    data_pull: date | None,
    number: int | None = None,
) -> int:
    """Note a submission and return its number: the one that is given, else the next."""
    now = datetime.now(UTC).replace(tzinfo=None)
    con.execute(
        "INSERT INTO harmonize.submission SELECT coalesce(?, max(submission_id) + 1, 1), ?, ?, ?, ?, ?, 'loaded', ?, "
        "?, (SELECT max(vocabulary_version) FROM omop.vocabulary WHERE vocabulary_id = 'None'), ? "
        "FROM harmonize.submission",
        [number, project, source, plan.name, plan.version, mode, now, __version__, data_pull],
    )
    row = con.execute("SELECT max(submission_id) FROM harmonize.submission").fetchone()
    return int(row[0]) if row else 1


def _load_records(
    con: DuckDBPyConnection, delivery: Delivery, staged: Staged, note: Callable[[str], None], notes: list[str]
) -> list[Ran]:
    """Check, map and derive the records of a delivery, add to `notes` what is to be told of its project; the steps of
    sql/steps that ran."""
    from harmonize.validation.privacy.cells import create_private_text
    from harmonize.validation.settle import settle
    from harmonize.vocabulary.value_sets import install as install_value_sets

    plan, submission = delivery.plan, delivery.submission
    note("check")
    create_private_text(con)
    staged.check(con, delivery)
    settle(con, submission)
    run = new_run(con, note)
    run.given("delivery")
    run.stage("cells", submission=submission, unasked=[])
    note("compare with what is loaded")
    staged.read_incoming(con, delivery)
    snapshot_of = staged.record_types() if delivery.mode == "snapshot" else []
    run.stage("records", strict_row=delivery.strict_row, project=delivery.project_id, snapshot_of=snapshot_of)
    known = find_project(con, delivery.project_id)
    if snapshot_of and run.count("ended") and not delivery.allow_deletions:
        refuse_vanishing(con, delivery.project_id, snapshot_of, known.deletion_share if known else None)
    _archive_ended(run)
    first = is_new(con, delivery.project_id, submission)
    if first:
        notes += told_of_name(con, delivery.project_id)
    project = ensure_project(con, delivery.project_id, plan.project, delivery.match_days)
    views = staged.source_rows(con, delivery, project)
    new = con.execute("SELECT 1 FROM incoming WHERE state IS NULL LIMIT 1").fetchone()
    moved = touch_moved_pull(con, submission)
    if new or moved or run.count("ended"):
        install_value_sets(con, delivery.folder, plan.name)
        met = map_to_hub(con, plan, views, project, delivery.schema.name, note)
        note_mapping_findings(con, plan, met, views, submission, delivery.schema if staged.are_tables else None)
        note_days_told(con, met, views, submission, project)
        if staged.are_tables:
            note_before_birth(con, met, views, submission, project, store="")
        staged.note_lookups(con, delivery, views)
        exclude_withdrawn(con)
        mask_earlier_texts(con)
        derive(run)
        if first:
            notes += told_of_cases(con, delivery.project_id)
        ledger.write_records(run, views, plan, staged.left_out())
        ledger.note_conflicts(run)
        describe_store(run)
    else:
        run.stage("written")
    note("ledger")
    _hold_unchanged(con, submission)
    ledger.write_sums(con)
    staged.write_columns(con, delivery)
    settle(con, submission)  # what the mapping found may quote such cells, too
    before_commit(con)
    return run.ran


def _archive_ended(run: Run) -> None:
    """Move the hub rows of ended versions to the archive; touched_case begins with their cases."""
    touch_none(run.con)
    if run.count("ended"):
        move_hub_rows(run.con, "midrc", "archive", "SELECT record_id FROM ended")


def _hold_unchanged(con: DuckDBPyConnection, submission: int) -> None:
    """Count the records that the delivery repeats unchanged, and note the submission as a holder of them."""
    counted = con.execute(
        "UPDATE harmonize.source_file SET unchanged = u.n FROM (SELECT file_id, count(*) AS n FROM incoming "
        "WHERE state = 'unchanged' GROUP BY file_id) u WHERE source_file.file_id = u.file_id"
    ).fetchone()
    if counted and counted[0]:
        con.execute(sql("ledger/record_holder"), {"submission": submission})


def _result(con: DuckDBPyConnection, delivery: Delivery, files: int) -> LoadResult:
    submission = delivery.submission
    waiting = con.execute(sql("ledger/waiting"), {"project": delivery.project_id, "submission": submission}).fetchone()
    sums = con.execute(
        f"SELECT sum(records), {', '.join(f'sum({state})' for state in ledger.STATES)} FROM harmonize.source_file "
        "WHERE submission_id = ?",
        [submission],
    ).fetchone()
    found = con.execute(sql("ledger/finding_counts"), {"submission": submission}).fetchone()
    if sums is None or found is None or waiting is None:
        raise InternalError("The ledger gave no sums.")
    return LoadResult(
        submission=submission,
        files=files,
        records=int(sums[0] or 0),
        states={state: int(sums[i + 1] or 0) for i, state in enumerate(ledger.STATES)},
        cells_quarantined=int(found[2]),
        findings={"errors": int(found[0]), "warnings": int(found[1])},
        rows=changes.count_changes(con),
        seconds=0.0,
        undated=undated_kinds(con, submission),
        waiting=int(waiting[0]),
    )


def _told_of(delivery: Delivery, result: LoadResult) -> dict[str, Any]:
    """What the audit log says of a load: what was loaded by which mapping, in numbers."""
    plan = delivery.plan
    return {"mapping": plan.name, "mode": delivery.mode, "records": result.records, "findings": result.findings}


def _drop_stage(con: DuckDBPyConnection) -> None:
    from harmonize.intake.fhir.stage import drop_fhir
    from harmonize.intake.table.stage import drop_staged

    drop_staged(con)
    drop_fhir(con)
    con.execute("DROP TABLE IF EXISTS temp.private_text")
