"""Standardize: the OMOP rows of the affected cases, made anew from the hub.

OMOP is a function of the hub, case by case. A load, a withdrawal and a new vocabulary all do the same: name the cases
they touched, take the OMOP rows of these persons out and derive them again; unchanged rows come out equal, with the
ids that they had. So the result does not depend on the order of loads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql
from harmonize.engine.steps import Run
from harmonize.imaging.code_studies import fill_study_code
from harmonize.imaging.procedure_kind import fill_day_kind, fill_procedure_kind, fill_study_kind
from harmonize.pipeline.omop_tables import SHARED, person_tables
from harmonize.pipeline.rows import remove_rows, write_rows
from harmonize.vocabulary.modalities import install_modalities

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection


AFFECTED = "person_id IN (SELECT person_id FROM affected_person)"


def new_run(con: DuckDBPyConnection, note: Callable[[str], None] | None = None) -> Run:
    """A run of the stages of sql/steps in the caller's transaction; `note` is told each folder that begins."""
    return Run(con, rows=write_rows, by=PYTHON, params=parameters(), note=note)


def parameters() -> dict[str, object]:
    """The values of `$name` in the steps."""
    return {"vocabulary": str(root("mappings") / "vocabulary")}


def derive(run: Run) -> None:
    """Derive the OMOP rows of the cases in the temp table touched_case, inside the caller's transaction."""
    run.stage("cases")
    _take_out(run)
    install_modalities(run.con)
    for stage in ("days", "hub", "persons", "derive", "eras"):
        run.stage(stage)


def describe_store(run: Run) -> None:
    """cdm_source (one row, else OHDSI tools refuse the file) and metadata, from the records that are current now."""
    run.stage("describe")


def link_to_studies(run: Run) -> None:
    """Give the series and annotations that name their study its case, as it is loaded now; series UID and day too."""
    run.make("cases", "cases/imaging_series.study", "cases/annotation.study", "series_link", "annotation_link")


def group_cases(run: Run) -> None:
    """Temp table case_group: which cases crosswalk, tokens, studies, replacements join, merge, and by how many days."""
    run.make("cases", "case_group", "linked_case", "node_pair")


def touch_none(con: DuckDBPyConnection) -> None:
    """Begin a change: the temp table touched_case, without a case."""
    con.execute(sql("persons/no_case"))


def touch_moved_pull(con: DuckDBPyConnection, submission: int) -> int:
    """Add the cases to touched_case that this submission lets end elsewhere, as it moves the data pull; how many."""
    row = con.execute(sql("persons/moved_pull"), {"submission": submission}).fetchone()
    return int(row[0]) if row else 0


def touch_all(con: DuckDBPyConnection, project: str | None = None) -> None:
    """The temp table touched_case of every case of the store, or of a project."""
    con.execute(sql("persons/every_case"), {"project": project})


def _take_out(run: Run) -> None:
    """Take the affected persons' rows out of omop, and those that have no person; ids wait in row_id_retired."""
    if run.count("affected_person"):
        for table in person_tables():
            remove_rows(run.con, table, AFFECTED)
        run.con.execute(f"DELETE FROM harmonize.person_age WHERE {AFFECTED}")
    for table in SHARED:
        remove_rows(run.con, table, "true")


def _resolve(con: DuckDBPyConnection) -> None:
    from harmonize.vocabulary.resolve import resolve

    resolve(con)


PYTHON = {
    "coding_target": _resolve,
    "day_kind": fill_day_kind,
    "study_code": fill_study_code,
    "procedure_kind": fill_procedure_kind,
    "study_kind": fill_study_kind,
}
"""The steps that Python does or fills (`by:` in their heads)."""
