"""A FHIR delivery from its files to its findings, and what a report says of each file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.progress import as_meter
from harmonize.intake.fhir.stage import stage_fhir
from harmonize.validation.delivery import SUBMISSION
from harmonize.validation.fhir.check import check_fhir
from harmonize.validation.privacy.titles import hide_names, holds_told, parts_of
from harmonize.validation.report.model import ReportFile
from harmonize.validation.table.findings import register_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.fhir.stage import FhirFile
    from harmonize.intake.source_file import SourceFile

READING, JUDGING = 0.15, 0.2
"""Of the work on a byte of a resource, what it takes to read it, and to judge it beside the screen."""


def hide_told_names(con: DuckDBPyConnection, files: Sequence[FhirFile], submission: int) -> list[FhirFile]:
    """The files without what their names hold of how somebody is called, whom the delivery or the store tells, after
    check_fhir; a finding says so."""
    if con.execute("SELECT 1 FROM identity_known LIMIT 1").fetchone() is None:
        return list(files)
    sources = [file.source for file in files]
    named, held = hide_names(sources, holds_told(con, parts_of(sources)))
    told = [
        (file.file_id, held[source.name])
        for file, source in zip(files, named, strict=True)
        if source.name in held and file.form is not None
    ]
    con.execute(
        "INSERT INTO harmonize.finding SELECT $submission, rule_id, unnest($files::INTEGER[]), NULL, NULL, "
        "unnest($values::VARCHAR[]) FROM harmonize.rule WHERE rule = 'phi_file_name'",
        {"submission": submission, "files": [number for number, _ in told], "values": [what for _, what in told]},
    )
    return [
        file if source is file.source else replace(file, source=source)
        for file, source in zip(files, named, strict=True)
    ]


def check_resources(
    con: DuckDBPyConnection,
    files: Sequence[SourceFile],
    held: Mapping[str, str],
    store: str | None,
    *,
    deep: bool,
    project: str | None = None,
    progress: Callable[[str], None],
) -> tuple[list[ReportFile], list[FhirFile], list[str]]:
    """Stage and check the files; returns them as a report tells of them, those that were read, and sentences for
    people.

    `held` is what the names of files hold (see hide_names), `store` the prefix of a store whose vocabulary is asked,
    and which names it knows of the `project`.
    Raises InputError where no file holds FHIR, for another version than R4, and for `deep` without fhir.resources.
    """
    meter = as_meter(progress)
    with meter.over(READING, con):
        staged = stage_fhir(con, files, progress=progress)
    if all(file.form is None for file in staged):
        told = "; ".join(f"{file.source.name}: {file.why}" for file in staged[:3])
        raise InputError("Nothing in the delivery is FHIR: NDJSON, a Bundle, a resource or a manifest.", told)
    rules = register_rules(con)
    for file in staged:
        if what := held.get(file.source.name):
            con.execute(
                "INSERT INTO harmonize.finding VALUES (?, ?, ?, NULL, NULL, ?)",
                [SUBMISSION, rules["phi_file_name"], file.file_id, what],
            )
    with meter.over(JUDGING, con):
        notes = check_fhir(con, staged, SUBMISSION, deep=deep, vocabulary=store, project=project, progress=progress)
    staged = hide_told_names(con, staged, SUBMISSION)
    kinds = dict(
        con.execute(
            "SELECT file_id, CASE WHEN count(DISTINCT resource_type) = 1 THEN any_value(resource_type) END"
            " FROM fhir_resource WHERE position IS DISTINCT FROM 0 GROUP BY ALL"
        ).fetchall()
    )
    shown = [
        replace(_shown(file, kinds.get(file.file_id)), size=file.source.size, sha256=file.source.sha256 or None)
        for file in staged
    ]
    return shown, [file for file in staged if file.form is not None], notes


def _shown(file: FhirFile, kind: str | None) -> ReportFile:
    """A file as a report tells of it: what it holds, or why it was not read."""
    if file.form is None:
        return ReportFile(None, file.source.name, file.source.format, 0, f"not read. {file.why}")
    return ReportFile(file.file_id, file.source.name, kind or file.form, file.records)
