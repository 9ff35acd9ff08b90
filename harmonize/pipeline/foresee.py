"""What a load would make of a delivery, for `harmonize validate`: the steps of a load up to its mapping, on rows that
are thrown away. The statements that decide are those of the load.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.progress import reached
from harmonize.intake.source_file import SourceFile
from harmonize.pipeline.before_birth import note_before_birth
from harmonize.pipeline.days_told import note_days_told
from harmonize.pipeline.derive import new_run
from harmonize.pipeline.foresee_excluded import excluded
from harmonize.pipeline.foresee_fhir import resource_rows
from harmonize.pipeline.foresee_rows import Mapped
from harmonize.pipeline.hub import entries_met, time_policy_refusal
from harmonize.pipeline.ledger.lookups import make_lookups, note_lookups
from harmonize.pipeline.ledger.records import (
    StagedFile,
    create_incoming,
    judge_alone,
    note_required,
    read_incoming,
    source_select,
    staged_key,
)
from harmonize.pipeline.ledger.undelivered import refuse_undelivered
from harmonize.pipeline.mapping_findings import note_mapping_findings
from harmonize.pipeline.project import Project, find_project, with_default_time
from harmonize.pipeline.sources.delivery import no_lookup
from harmonize.pipeline.sources.tables import span
from harmonize.schema.cells import missing_texts
from harmonize.validation.outcome import Asked, LoadOutcome
from harmonize.validation.rules import unasked_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection


def foresee(asked: Asked) -> LoadOutcome:
    """Add to the findings of a delivery what a load would find while it maps; tell what would become of its records.

    Raises InputError for a project or mapping that cannot be used.
    """
    con = asked.con
    reached(0.0, 0.1)
    project = _project(asked)
    files: list[StagedFile] = []
    if asked.resources:
        views = resource_rows(asked, project)
    else:
        files = _staged_files(asked)
        note_required(con, files)
        _read_records(asked, files)
        views = _source_rows(con, files)
        make_lookups(con, asked.plan, asked.schema, files, views)
    reached(0.1, 0.15)
    met = [asked.plan.entries[index] for index in sorted(entries_met(con, asked.plan, views))]
    mapped = Mapped(asked, project, met, views)
    refusals = _refusals(mapped) + _undelivered(asked)
    reached(0.15, 0.2)
    note_mapping_findings(con, asked.plan, met, views, asked.submission, None if asked.resources else asked.schema)
    note_days_told(con, met, views, asked.submission, project)
    if files:
        note_before_birth(con, met, views, asked.submission, project, asked.store)
        note_lookups(con, asked.plan, files, views, asked.submission)
    reached(0.2, 0.2)
    mapped.judge()
    if asked.resources:
        con.execute(sql("foresee/finding_record"))
    con.execute(sql("foresee/foreseen"))
    counted = con.execute(
        "SELECT (SELECT count(*) FROM foreseen), (SELECT count(*) FROM withdrawn_record), "
        "EXISTS (FROM bad_cell WHERE NOT whole_record) "
        "OR count(*) FILTER (rule = 'mapping_error') > 0, count(*) "
        "FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
        "WHERE submission_id = ? AND severity = 'error' AND NOT list_contains(?, rule)",
        [asked.submission, unasked_rules()],
    ).fetchone()
    quarantined, withdrawn, leaves_out, errors = counted or (0, 0, False, 0)
    by_rule = None if asked.resources else excluded(asked, views)
    return LoadOutcome(refusals, quarantined, errors, leaves_out, withdrawn, mapped.tells_persons, by_rule)


def _staged_files(asked: Asked) -> list[StagedFile]:
    """The files as a load numbers their records, and their names where a refusal looks for them."""
    con = asked.con
    for table in ("source_file", "record_type"):
        con.execute(sql(f"store/tables/{table}"))
    files, base = [], 1
    for staged, cls, name in asked.tables:
        con.execute(
            "INSERT INTO harmonize.source_file (file_id, submission_id, name, records) VALUES (?, ?, ?, ?)",
            [staged.file_id, asked.submission, name, staged.records],
        )
        source = SourceFile(name, Path(name), 0, "", "", "")
        files.append(StagedFile(staged, source, cls, f"{asked.schema.name}.{cls.name}", base))
        base += span(con, staged.table) + staged.bad_lines + 1
    return files


def _read_records(asked: Asked, files: Sequence[StagedFile]) -> None:
    """The temp relation `incoming` with the states that the findings give. Where keys repeat, the load's own statements
    tell which record stands; else nothing needs to be hashed."""
    con = asked.con
    repeats = con.execute(
        "SELECT 1 FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
        "WHERE submission_id = ? AND rule IN ('unique_key', 'repeated_record') LIMIT 1",
        [asked.submission],
    ).fetchone()
    run = new_run(con)
    run.stage("cells", submission=asked.submission, unasked=unasked_rules())
    if repeats:
        create_incoming(con)
        read_incoming(con, list(files), asked.project or "", asked.plan.version)
        judge_alone(run)
        return
    selects = []
    bad = con.execute(
        "SELECT file_id FROM bad_cell WHERE whole_record UNION SELECT file_id FROM stage.bad_line"
    ).fetchall()
    damaged = {file_id for (file_id,) in bad}
    for file in files:
        number, key = file.staged.file_id, staged_key(file, missing_texts(file.cls))
        record = (
            f"SELECT {file.base} + s.rowid AS record_id, {number} AS file_id, s.line_ AS line, {key} AS record_key, "
        )
        if number not in damaged:
            selects.append(f"{record} NULL::VARCHAR AS state FROM {file.staged.table} s")
            continue
        selects.append(
            f"{record} CASE WHEN b.line IS NOT NULL THEN 'quarantined' END AS state FROM {file.staged.table} s "
            f"LEFT JOIN (SELECT DISTINCT line FROM bad_cell WHERE whole_record AND file_id = {number}) b "
            "ON b.line = s.line_ "
            f"UNION ALL SELECT NULL, file_id, line, NULL, 'quarantined' FROM stage.bad_line WHERE file_id = {number}"
        )
    con.execute(sql("foresee/incoming").replace("{records}", " UNION ALL ".join(selects)))


def _source_rows(con: DuckDBPyConnection, files: Sequence[StagedFile]) -> dict[str, str]:
    """Source class → temp view of its records that would go to the hub."""
    views: dict[str, str] = {}
    for name in dict.fromkeys(file.cls.name for file in files):
        rows = " UNION ALL BY NAME ".join(source_select(con, file) for file in files if file.cls.name == name)
        views[name] = f"foreseen_{len(views)}"
        con.execute(sql("foresee/source").replace("{view}", views[name]).replace("{records}", rows))
    return views


def _project(asked: Asked) -> Project:
    """The project as a load would find it, or make it."""
    defaults = asked.plan.project
    name = asked.project or str(defaults.get("project_id") or "PROJECT")
    known = None if asked.store is None else find_project(asked.con, name, asked.store)
    return with_default_time(known or Project(name), defaults)


def _undelivered(asked: Asked) -> tuple[InputError, ...]:
    """Why the delivery lacks something that its mapping looks up."""
    if asked.resources:
        return (no_lookup(asked.without[0]),) if asked.without else ()
    delivered = [(name, cls) for _, cls, name in asked.tables]
    project = asked.project or str(asked.plan.project.get("project_id") or "")
    try:
        refuse_undelivered(asked.con, asked.plan, asked.schema, delivered, project, asked.without, asked.store)
    except InputError as refusal:
        return (refusal,)
    return ()


def _refusals(mapped: Mapped) -> tuple[InputError, ...]:
    """Why the rows could not be dated; one reason is enough."""
    for found, rows in mapped.dated_rows():
        refusal = time_policy_refusal(mapped.asked.con, found, mapped.project, rows)
        if refusal is not None:
            return (refusal,)
    return ()
