"""The records of a FHIR delivery that `harmonize validate` checked, as a load would read them: its own steps, on a
database that is thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.mapping.compiler.compile import mapping_folder
from harmonize.pipeline.derive import new_run
from harmonize.pipeline.ledger.records import judge_alone, note_required
from harmonize.pipeline.project import save_project
from harmonize.pipeline.sources.delivery import Delivery
from harmonize.pipeline.sources.fhir import StagedResources
from harmonize.pipeline.sources.fhir_private import hide_cells
from harmonize.validation.rules import unasked_rules

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.pipeline.project import Project
    from harmonize.validation.outcome import Asked

_KNOWN_PARTS = ("visit", "visit_detail")


def resource_rows(asked: Asked, project: Project) -> dict[str, str]:
    """Make `incoming` with the states that the delivery itself decides; source class → the rows that go to the hub."""
    con = asked.con
    _make_store(con, asked, project)
    types = con.execute(
        "SELECT DISTINCT coalesce(nullif(resource_type, ''), 'unknown') FROM fhir_resource ORDER BY 1"
    ).fetchall()
    staged = StagedResources(list(asked.resources), [], 1, tuple(name for (name,) in types), [], renames=False)
    folder = mapping_folder(asked.plan.name)
    delivery = Delivery(asked.plan, asked.schema, folder, project.project_id, asked.submission, "upsert", False)
    hide_cells(con, project.project_id)
    note_required(con, ())
    run = new_run(con)
    run.stage("cells", submission=asked.submission, unasked=unasked_rules())
    staged.read_incoming(con, delivery)
    judge_alone(run)
    return staged.source_rows(con, delivery, project)


def _make_store(con: DuckDBPyConnection, asked: Asked, project: Project) -> None:
    """What the steps of a load read of a store: the project, and the visits that the store to compare with knows."""
    for table in ("source_file", "record_type", "project"):
        con.execute(sql(f"store/tables/{table}"))
    save_project(con, project)
    files = asked.resources
    con.execute(
        "INSERT INTO harmonize.source_file (file_id, submission_id, name, records) "
        "SELECT unnest($ids), $submission, unnest($names), unnest($records)",
        {
            "submission": asked.submission,
            "ids": [file.file_id for file in files],
            "names": [file.source.name for file in files],
            "records": [file.records for file in files],
        },
    )
    con.execute("CREATE SCHEMA IF NOT EXISTS midrc")
    for table in _KNOWN_PARTS:
        key = f"{table}_key"
        known = (
            f"SELECT project_id, case_key, {key} FROM {asked.store}midrc.{table}"
            if asked.store is not None
            else f"SELECT NULL::VARCHAR AS project_id, NULL::VARCHAR AS case_key, NULL::VARCHAR AS {key} WHERE false"
        )
        con.execute(f"CREATE OR REPLACE VIEW midrc.{table} AS {known}")
