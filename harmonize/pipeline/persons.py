"""Which cases are which persons: harmonize.person_case, person ids and what is known of their age."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def assign_persons(con: DuckDBPyConnection) -> None:
    """Bring person_case in step with the evidence of the affected cases and write person_id into affected_case.

    A case that was a person before gets the same id again; a case without any evidence left is no person any more.
    A merge of cases (crosswalk) is kept: person_case then names one person_id for several cases.
    """
    con.execute(sql("standardize/person_evidence"))
    con.execute(sql("standardize/person_age"))
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
    con.execute(
        "UPDATE affected_case SET person_id = p.person_id FROM harmonize.person_case p "
        "WHERE p.project_id = affected_case.project_id AND p.case_key = affected_case.case_key"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE person_of_case AS "
        "SELECT project_id, case_key, person_id FROM affected_case WHERE person_id IS NOT NULL"
    )


def register_persons(con: DuckDBPyConnection) -> None:
    """The id registry of the affected persons: one key a case, so that a case that comes again finds its person."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE person_key AS SELECT "
        "md5('person|' || project_id || '|' || case_key)::UUID AS row_key, person_id FROM person_of_case"
    )
    con.execute(
        "DELETE FROM harmonize.row_id_retired WHERE omop_table = 'person' "
        "AND row_key IN (SELECT row_key FROM person_key)"
    )
    con.execute("INSERT INTO harmonize.row_id SELECT 'person', row_key, person_id FROM person_key")


def write_ages(con: DuckDBPyConnection) -> None:
    """harmonize.person_age of the affected persons: precision, low and high age in years, the day they hold at.

    Over 89 only that is kept: low 90, no high (45 CFR 164.514(b)(2)(i)(C)).
    """
    con.execute("DELETE FROM harmonize.person_age WHERE person_id IN (SELECT person_id FROM person_of_case)")
    con.execute(
        "INSERT INTO harmonize.person_age "
        "SELECT person_id, precision, CASE WHEN low > 90 THEN 90 ELSE low END, CASE WHEN high < 90 THEN high END, "
        "age_date "
        "FROM (SELECT *, row_number() OVER "
        "(PARTITION BY person_id ORDER BY is_clinical DESC, record_id DESC) AS rank "
        "FROM person_best JOIN person_of_case USING (project_id, case_key)) WHERE rank = 1"
    )
