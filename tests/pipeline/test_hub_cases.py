"""Rows of the hub, slot by slot, and the OMOP rows that they become: every column, every boundary, every tie."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hub_cases import DATA, Hub, HubCase, read_hub_cases

from harmonize.engine.store import Store, open_store
from harmonize.pipeline.acts.withdraw_person import withdraw_person
from harmonize.pipeline.omop_tables import SHARED, person_tables
from harmonize.schema.ddl import columns as columns_of
from harmonize.schema.ddl import tables
from harmonize.schema.load import load_schema

EDGES = read_hub_cases("edges")


@pytest.mark.parametrize("case", read_hub_cases("filled"), ids=lambda case: case.case)
def test_every_column(new_store: Store, case: HubCase) -> None:
    hub = Hub(new_store)
    hub.fill(case)
    assert hub.differences(case) == []


def test_a_column_that_a_case_leaves_empty_is_one_that_is_never_filled() -> None:
    """A column that a statement begins to fill must be filled in the case of every slot; those without are listed."""
    never = yaml.safe_load((DATA / "never_filled.yaml").read_text(encoding="utf-8"))
    case = next(case for case in read_hub_cases("filled") if case.case == "every_slot")
    filled = {
        table: {column for row in rows for column, value in row.items() if value != "null"} - {"imputed"}
        for table, rows in case.rows.items()
        if "." not in table
    }
    schema = tables(load_schema("omop"))
    assert filled.keys() == {*person_tables(), *SHARED, "fact_relationship"}
    for table, columns in filled.items():
        known = set(columns_of(schema[table]))
        assert known - columns == set(never.get(table, ())), table


@pytest.fixture(scope="module")
def edges(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """All edge cases in one store, derived together: each has persons of its own."""
    path = Path(shutil.copy(empty_store, tmp_path_factory.mktemp("edges") / "store.duckdb"))
    with open_store(path) as store:
        store.con.execute("PRAGMA disable_checkpoint_on_shutdown; SET fsync_mode = 'NONE'; SET threads = 1")
        hub = Hub(store)
        hub.fill(*EDGES)
        yield hub


@pytest.mark.parametrize("case", EDGES, ids=lambda case: case.case)
def test_edges(edges: Hub, case: HubCase) -> None:
    assert edges.differences(case) == []


def test_a_withdrawn_person_leaves_no_row_of_any_kind(new_store: Store) -> None:
    """Every kind of row and every level of a visit's parts; ids that are not kept by others are forgotten."""
    told = {case.case: case for case in (*read_hub_cases("filled"), *EDGES)}
    hub = Hub(new_store)
    hub.fill(told["every_slot"], told["parts_of_visits"])
    con = new_store.con
    persons = "SELECT person_id, case_key FROM harmonize.person_case ORDER BY 1"
    assert con.execute(persons).fetchall() == [(1, "c1"), (2, "c2"), (3, "d1"), (4, "d2")]
    for key in ("c2", "d1"):
        withdraw_person(new_store, "P", key)
    assert con.execute(persons).fetchall() == [(1, "c1"), (4, "d2")]
    for schema, table, column in con.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
        "WHERE column_name IN ('person_id', 'case_key') AND schema_name IN ('omop', 'midrc', 'archive', 'harmonize') "
        "AND table_name <> 'withdrawn_case'"
    ).fetchall():
        gone = "(2, 3)" if column == "person_id" else "('c2', 'd1')"
        left = con.execute(f'SELECT count(*) FROM {schema}."{table}" WHERE {column} IN {gone}').fetchone()
        assert left == (0,), f"{schema}.{table}"
    # the registry knows rows that live, and the highest number of a table without what it stood for
    for table in (*person_tables(), *SHARED):
        if table == "death":
            continue
        dead = con.execute(
            f"SELECT count(*) FROM harmonize.row_id i ANTI JOIN omop.{table} t ON t.{table}_id = i.omop_id "
            "WHERE i.omop_table = $table",
            {"table": table},
        ).fetchone()
        kept = con.execute(
            "SELECT count(*) FROM harmonize.row_id_retired WHERE omop_table = $table "
            "AND row_key <> md5('highest|' || $table || '|' || omop_id)::UUID",
            {"table": table},
        ).fetchone()
        assert (dead, kept) == ((0,), (0,) if table not in SHARED else kept), table
