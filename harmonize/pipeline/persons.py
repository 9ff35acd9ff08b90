"""Which cases are which persons: harmonize.person_case, person ids and what is known of their age."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def assign_persons(con: DuckDBPyConnection) -> None:
    """Bring person_case in step with the evidence of the affected cases and write person_id into affected_case.

    A case that was a person before gets the same id again; a case without any evidence left is no person any more.
    Every case has an id of its own; merged cases share that of the one that was chosen, and the others wait in
    row_id_retired.
    """
    _find_evidence(con)
    con.execute(
        "DELETE FROM harmonize.person_case USING affected_case a WHERE person_case.project_id = a.project_id "
        "AND person_case.case_key = a.case_key AND NOT EXISTS (FROM person_best b "
        "WHERE b.project_id = a.project_id AND b.case_key = a.case_key)"
    )
    con.execute(sql("standardize/person_case"))
    con.execute(
        "UPDATE harmonize.person_case SET basis = CASE WHEN b.is_clinical THEN 'clinical' ELSE 'imaging' END "
        "FROM person_best b WHERE b.project_id = person_case.project_id AND b.case_key = person_case.case_key "
        "AND (basis = 'clinical') IS DISTINCT FROM b.is_clinical"
    )
    con.execute(sql("persons/person_of_case"))
    for table, columns in (
        (
            "harmonize.person_case",
            "person_id = p.person_id, chosen_project_id = p.chosen_project_id, chosen_case_key = p.chosen_case_key",
        ),
        ("affected_case", "person_id = p.person_id, day_shift = p.day_shift"),
    ):
        con.execute(
            f"UPDATE {table} AS t SET {columns} FROM person_of_case p "
            "WHERE p.project_id = t.project_id AND p.case_key = t.case_key"
        )
    moved = con.execute("SELECT count(*) FROM affected_case WHERE day_shift <> 0").fetchone()
    if moved and moved[0]:  # the dates that ages rest on have moved
        _find_evidence(con)
    con.execute(sql("persons/person_known"))


def _find_evidence(con: DuckDBPyConnection) -> None:
    con.execute(sql("standardize/person_evidence"))
    con.execute(sql("standardize/person_age"))


def register_persons(con: DuckDBPyConnection) -> None:
    """The id registry of the affected persons: one key a case, so that a case that comes again finds its person."""
    con.execute(
        "DELETE FROM harmonize.row_id_retired WHERE omop_table = 'person' "
        "AND row_key IN (SELECT row_key FROM person_of_case)"
    )
    for registry, stands in (("row_id", "own_id = person_id"), ("row_id_retired", "own_id <> person_id")):
        con.execute(
            f"INSERT INTO harmonize.{registry} SELECT 'person', row_key, own_id FROM person_of_case WHERE {stands}"
        )


def write_ages(con: DuckDBPyConnection) -> None:
    """harmonize.person_age of the affected persons: precision, low and high age in years, the day they hold at."""
    con.execute("DELETE FROM harmonize.person_age WHERE person_id IN (SELECT person_id FROM person_of_case)")
    con.execute(sql("persons/person_age"))


def group_cases(con: DuckDBPyConnection) -> None:
    """Temp table case_group: which cases crosswalk, tokens, studies, replacements join, merge, and by how many days."""
    if con.execute(sql("persons/may_pair")).fetchone() is None:
        con.execute(sql("persons/no_pair"))
        return
    con.execute(sql("persons/study_pair"))
    if (con.execute(sql("persons/has_accession")).fetchone() or (False,))[0]:
        con.execute(sql("persons/accession_pair"))
    for statement in ("replaced_case", "case_pair", "case_node", "node_pair"):
        con.execute(sql(f"persons/{statement}"))
    _hang_together(con, "linked_case", "(SELECT node_1, node_2, 0 AS days FROM node_pair)")
    _hang_together(con, "merged_case", "(SELECT * FROM node_pair WHERE days IS NOT NULL)")
    con.execute(sql("persons/case_group"))


def _hang_together(con: DuckDBPyConnection, groups: str, pairs: str) -> None:
    """Temp table `groups`: of every case the lowest one that a way of pairs leads to, in as many rounds as that is
    long."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {groups} AS SELECT node, node AS root, 0 AS days FROM case_node")
    step = sql("persons/spread").format(groups=groups, pairs=pairs)
    while (row := con.execute(step).fetchone()) and row[0]:
        pass


def write_same_as(con: DuckDBPyConnection) -> None:
    """harmonize.person_same_as of the whole store."""
    con.execute("DELETE FROM harmonize.person_same_as")
    if con.execute("SELECT 1 FROM node_pair LIMIT 1").fetchone():
        con.execute(sql("persons/same_as"))
