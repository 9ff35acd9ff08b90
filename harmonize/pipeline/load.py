"""A load: intake, stage, check, map, standardize, link, ledger, commit. One transaction; all or nothing."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.audit.steps import record_arrival
from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.version import __version__
from harmonize.intake.discover import discover
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
from harmonize.pipeline.known import (
    Asked,
    Former,
    digest_of,
    former_submission,
    found_by_checks,
    next_record_id,
    note_checked,
    replay,
)
from harmonize.pipeline.late_names import mask_earlier_texts
from harmonize.pipeline.ledger import ledger
from harmonize.pipeline.ledger.vanished import refuse_vanishing
from harmonize.pipeline.load_result import LoadResult, result_of
from harmonize.pipeline.mapping_findings import note_mapping_findings
from harmonize.pipeline.new_project import is_new, told_of_cases, told_of_name
from harmonize.pipeline.phases import Phases
from harmonize.pipeline.project import ensure_project, find_project
from harmonize.pipeline.sources.delivery import Delivery
from harmonize.pipeline.sources.dicom import stage_imaging
from harmonize.pipeline.sources.fhir import stage_resources
from harmonize.pipeline.sources.tables import stage_tables
from harmonize.pipeline.vault.keep import keeping, told_of_vault
from harmonize.schema.column_map import assumed, version_with, with_columns
from harmonize.validation.keys import with_keys
from harmonize.validation.privacy.titles import hide_names
from harmonize.validation.spans import with_spans
from harmonize.vocabulary.resolve import replaced_codes
from harmonize.vocabulary.value_set_check import refuse_unsound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.engine.steps import Ran, Run
    from harmonize.engine.store import Store
    from harmonize.mapping.plan import MappingPlan
    from harmonize.pipeline.sources.delivery import Part, Staged
    from harmonize.pipeline.vault.files import VaultFiles

WITHOUT_ERA = "eras/drug_without_era"
"""The step whose rows are the drug exposures that are in no drug era."""


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
    retained: VaultFiles | None = None,
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
    counts days match them with images from now on (docs/linking.md). `retained` is the vault of a delivery that comes
    with identifying values (docs/vault.md). `part`: the store holds some of the cases of a larger whole, and what is
    loaded are their records of a delivery that was staged as a whole (harmonize/cluster).
    Raises InputError for what cannot be read or mapped, InternalError for an unbalanced ledger; then nothing is
    committed.
    """
    started = time.perf_counter()
    phases = Phases(progress)
    note = phases.note
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
    pull = data_pull.isoformat() if data_pull else None
    asked = Asked(
        source, project, plan.name, plan.version, str(folder), strict_row, tuple(collections), tuple(without), pull
    )
    steps: list[Ran] = []
    try:
        inputs = [Path(path) for path in paths]
        note("find")
        found = [] if part is not None or spec.reads == "headers" else discover(inputs)
        named, held = hide_names(found)
        former = None
        if found and match_days is None and retained is None:
            former = former_submission(con, digest_of(con, asked, named), project, snapshot=mode == "snapshot")
        if former is not None:
            with store.transaction():
                first = next_record_id(con)
                result, checked = _repeat(con, plan, asked, former, mode, notes)
                note_checked(con, result.submission, digest_of(con, asked, named), first, checked)
                note("commit")
        else:
            staged: Staged
            if part is not None:
                staged = part.stage(con, notes)
            elif spec.reads == "resources":
                staged = stage_resources(con, named, notes, note)
            elif spec.reads == "headers":
                staged = stage_imaging(store, inputs, schema, notes, note)
            else:
                staged = stage_tables(con, named, held, schema, spec, collections, notes, note)
            staged.require_lookups(con, plan, schema, project, without)
            with keeping(con, project, source, retained) as vault, store.transaction():
                first = next_record_id(con)
                changes.begin(con)
                notes += told_apart(con, plan, folder)
                until = data_pull or staged.data_pull()
                number = part.submission if part else None
                submission = new_submission(con, source, project, plan, mode, until, number)
                delivery = Delivery(
                    plan, schema, folder, project, submission, mode, strict_row, allow_deletions, match_days
                )
                steps, checked = _load_records(con, delivery, staged, note, notes)
                if any(ran.step == "codes/coding_target" for ran in steps):
                    notes += replaced_codes(con)
                result = result_of(con, submission, project, staged.files())
                kept = vault.keep(con, delivery, staged)
                record_arrival(con, submission, project, _told_of(plan, mode, result), kept)
                notes += told_of_vault(kept)
                if found and retained is None:
                    note_checked(con, submission, digest_of(con, asked, named), first, checked)
                note("commit")
    finally:
        _drop_stage(con)
    result.seconds = time.perf_counter() - started
    result.notes = notes
    result.steps = steps
    result.phases, result.size = phases.all(), sum(file.size for file in found)
    result.without_era = sum(ran.rows or 0 for ran in steps if ran.step == WITHOUT_ERA)
    return result


def _repeat(
    con: DuckDBPyConnection, plan: MappingPlan, asked: Asked, former: Former, mode: str, notes: list[str]
) -> tuple[LoadResult, dict[int, int]]:
    """Note a submission whose files, records and findings are those of the former one; nothing is read."""
    changes.begin(con)
    submission = new_submission(con, asked.source, asked.project, plan, mode, None)
    files = replay(con, former, submission)
    ledger.check_laws(con)
    notes.append(
        f"The same files as in submission {former.submission}, and nothing that their checks depend on has changed "
        "since: they were not read again."
    )
    result = result_of(con, submission, asked.project, files)
    record_arrival(con, submission, asked.project, {**_told_of(plan, mode, result), "repeats": former.submission})
    return result, found_by_checks(con, submission)


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
) -> tuple[list[Ran], dict[int, int]]:
    """Check, map and derive the records of a delivery, add to `notes` what is to be told of its project; the steps of
    sql/steps that ran, and how often the checks found each rule broken."""
    from harmonize.validation.privacy.cells import create_private_text
    from harmonize.validation.settle import settle
    from harmonize.vocabulary.value_sets import install as install_value_sets

    plan, submission = delivery.plan, delivery.submission
    note("check")
    create_private_text(con)
    staged.check(con, delivery)
    settle(con, submission)
    checked = found_by_checks(con, submission)
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
    if run.count("ended") and not delivery.allow_deletions:
        staged.refuse_lost(con)
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
    con.execute(sql("ledger/record_end"))
    staged.write_columns(con, delivery)
    settle(con, submission)  # what the mapping found may quote such cells, too
    before_commit(con)
    return run.ran, checked


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


def _told_of(plan: MappingPlan, mode: str, result: LoadResult) -> dict[str, Any]:
    """What the audit log says of a load: what was loaded by which mapping, in numbers."""
    return {"mapping": plan.name, "mode": mode, "records": result.records, "findings": result.findings}


def _drop_stage(con: DuckDBPyConnection) -> None:
    from harmonize.intake.fhir.stage import drop_fhir
    from harmonize.intake.table.stage import drop_staged

    drop_staged(con)
    drop_fhir(con)
    con.execute("DROP TABLE IF EXISTS temp.private_text")
