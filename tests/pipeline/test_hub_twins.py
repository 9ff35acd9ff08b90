"""A key means what its project and its case mean by it: the same key of another one is another thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from duckdb import DuckDBPyConnection
from hub_cases import Hub, HubCase, Rows, read_hub_cases

from harmonize.engine.store import Store
from harmonize.pipeline.omop_tables import SHARED, person_tables

LINKED = ("annotation_read", "annotation_consensus", "event", "imaging_series", "imaging_study_clinical",
          "imaging_timeline", "person_summary")  # fmt: skip
TWO_IDS = "SELECT omop_table, row_key FROM harmonize.row_id GROUP BY ALL HAVING count(*) > 1"
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


def by_role(case: HubCase) -> HubCase:
    """The case with its events naming the role of a provider and not the provider."""
    rows = {
        table: [row | ({"provider_key": "r3"} if row.get("provider_key") == "d3" else {}) for row in rows]
        for table, rows in case.hub.items()
        if table not in OF_A_PROJECT
    }
    return replace(case, hub={**case.hub, **rows})


@pytest.mark.parametrize(
    ("project", "ending", "told_by"),
    [("Q", "", replace), ("P", "x", replace), ("Q", "", by_role)],
    ids=["project", "case", "role"],
)
def test_who_has_the_same_keys_is_somebody_else(
    new_store: Store, project: str, ending: str, told_by: Callable[[HubCase], HubCase]
) -> None:
    (case,) = (case for case in read_hub_cases("filled") if case.case == "every_slot")
    case = told_by(replace(case, hub={table: rows for table, rows in case.hub.items() if table != "fact_link"}))
    Hub(new_store).fill(case, twin(case, project, ending))
    con = new_store.con
    assert con.execute(TWO_IDS).fetchall() == []
    cases = con.execute("SELECT project_id, case_key, person_id FROM harmonize.person_case").fetchall()
    person = {(told_by, key): number for told_by, key, number in cases}
    assert len(set(person.values())) == 4
    for key in ("c1", "c2"):
        one, other = person["P", key], person[project, key + ending]
        for relation in (*(f"omop.{table}" for table in person_tables()), *(f"linked.{view}" for view in LINKED)):
            assert told(con, relation, one) == told(con, relation, other), relation
    for table, rows in case.rows.items():
        if table in person_tables():
            assert con.execute(f"SELECT count(*) FROM omop.{table}").fetchall() == [(2 * len(rows),)], table
    # what a row names is of its own person, or of its own project
    columns = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'omop' "
        "AND list_contains($1, table_name) AND column_name IN ('visit_occurrence_id', 'visit_detail_id', "
        "'provider_id', 'care_site_id')",
        [list(person_tables())],
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


def test_places_that_differ_in_one_part_are_two(new_store: Store) -> None:
    parts = ("zip", "residence_state", "country_of_residence")
    places = [
        dict(zip(parts, told, strict=True)) for told in product(("021", "null"), ("MA", "null"), ("US", "CA", "null"))
    ]
    rows = [{"case_key": f"c{number}", "birth_year": "1980", **place} for number, place in enumerate(places)]
    hub = Hub(new_store)
    hub.fill(HubCase("places", "", {"case": rows, "visit": []}))
    found = new_store.con.execute(
        "SELECT person_source_value, zip, state, country_source_value FROM omop.person LEFT JOIN omop.location "
        "USING (location_id)"
    ).fetchall()
    told = {f"c{number}": tuple(None if part == "null" else part for part in place.values())
            for number, place in enumerate(places)}  # fmt: skip
    assert {case: tuple(place) for case, *place in found} == told
    assert new_store.con.execute("SELECT count(*) FROM omop.location").fetchall() == [(len(places) - 1,)]
    assert new_store.con.execute(TWO_IDS).fetchall() == []
