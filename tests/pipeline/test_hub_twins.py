"""A key means what its project and its case mean by it: the same key of another one is another thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from duckdb import DuckDBPyConnection
from hub_cases import Hub, HubCase, Rows, read_hub_cases

from harmonize.engine.store import Store
from harmonize.pipeline.derive import PERSON_TABLES, SHARED

LINKED = ("annotation_read", "annotation_consensus", "event", "imaging_series", "imaging_study_clinical",
          "imaging_timeline", "person_summary")  # fmt: skip
OF_A_PROJECT = {"organization", "provider"}
UIDS = ("study_uid", "series_uid")


def twin(case: HubCase, project: str, ending: str) -> HubCase:
    """The case as another project tells it, or, with an ending, as it would be of other patients of the same project:
    all their keys are the same, except for the UIDs of images, which a project gives once."""

    def row_of(row: dict[str, Any]) -> dict[str, Any]:
        other = {**row, "project_id": project}
        for name in ("case_key", *(UIDS if ending else ())):
            if name in other:
                other[name] += ending
        return other

    rows: Rows = {
        table: [row_of(row) for row in rows]
        for table, rows in case.hub.items()
        if not (ending and table in OF_A_PROJECT)
    }
    return replace(case, case=f"{case.case}_again", hub=rows, projects={project: {"time_policy": "as_is"}})


def told(con: DuckDBPyConnection, relation: str, person: int) -> list[tuple[Any, ...]]:
    """How many rows a person has there, and how many of them have something in each column."""
    return con.execute(f"SELECT count(*), count(COLUMNS(*)) FROM {relation} WHERE person_id = {person}").fetchall()


@pytest.mark.parametrize(("project", "ending"), [("Q", ""), ("P", "x")], ids=["project", "case"])
def test_who_has_the_same_keys_is_somebody_else(new_store: Store, project: str, ending: str) -> None:
    (case,) = (case for case in read_hub_cases("filled") if case.case == "every_slot")
    case = replace(case, hub={table: rows for table, rows in case.hub.items() if table != "fact_link"})
    Hub(new_store).fill(case, twin(case, project, ending))
    con = new_store.con
    cases = con.execute("SELECT project_id, case_key, person_id FROM harmonize.person_case").fetchall()
    person = {(told_by, key): number for told_by, key, number in cases}
    assert len(set(person.values())) == 4
    for key in ("c1", "c2"):
        one, other = person["P", key], person[project, key + ending]
        for relation in (*(f"omop.{table}" for table in PERSON_TABLES), *(f"linked.{view}" for view in LINKED)):
            assert told(con, relation, one) == told(con, relation, other), relation
    for table, rows in case.rows.items():
        if table in PERSON_TABLES:
            assert con.execute(f"SELECT count(*) FROM omop.{table}").fetchall() == [(2 * len(rows),)], table
    # what a row names is of its own person, or of its own project
    columns = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'omop' "
        "AND list_contains($1, table_name) AND column_name IN ('visit_occurrence_id', 'visit_detail_id', "
        "'provider_id', 'care_site_id')",
        [list(PERSON_TABLES)],
    ).fetchall()
    for table, column in columns:
        target = column.removesuffix("_id")
        if target == table:
            continue
        pairs = con.execute(
            f"SELECT DISTINCT e.person_id, {'o.person_id' if target not in SHARED else 'e.' + column} "
            f"FROM omop.{table} e JOIN omop.{target} o USING ({column})"
        ).fetchall()
        if target not in SHARED:
            assert [pair for pair in pairs if pair[0] != pair[1]] == [], (table, column)
        elif project == "Q":
            own = {number for number, named in pairs if number in (person["P", "c1"], person["P", "c2"])}
            named = [{n for number, n in pairs if (number in own) is mine} for mine in (True, False)]
            assert not named[0] & named[1], (table, column)
