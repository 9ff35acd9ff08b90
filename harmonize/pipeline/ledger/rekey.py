"""Records that go by another key than before: their rows keep their ids.

A cell in which privacy finds something is in no key; a keyed hash stands for it. A store of an older harmonize, or of
one with fewer rules, has such records under their plain keys. When they come again, they are found by the hash of that
key and renamed with all that is named after them: their rows in the hub, the keys in the registry of ids, and, of a
patient, a stay or a place that others refer to by its id, every row that names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote
from harmonize.pipeline.rows import columns_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ENTITIES = {
    "fhir.Patient": "case",
    "fhir.Encounter": "visit",
    "fhir.Practitioner": "provider",
    "fhir.PractitionerRole": "provider",
    "fhir.Organization": "care_site",
    "fhir.Location": "care_site",
    "fhir.Medication": "drug",
    "fhir.Device": "device",
}
"""Types of records that rows of others name by their key, and what they are to these rows."""
_NAMED_BY = {
    "case": ("case_key", "cases"),
    "visit": ("visit_key", "visit_detail_key"),
    "provider": ("provider_key", "role_key"),
    "care_site": ("care_site_key",),
    "drug": ("drug_key",),
    "device": ("device_key",),
}
_EVENTS = {
    "condition_occurrence": "condition_concept_id",
    "drug_exposure": "drug_concept_id",
    "procedure_occurrence": "procedure_concept_id",
    "device_exposure": "device_concept_id",
    "measurement": "measurement_concept_id",
    "observation": "observation_concept_id",
}


def create_rekey(con: DuckDBPyConnection) -> None:
    """The temp table rekey, empty."""
    con.execute(sql("ledger/rekey_table"))


def rekey(con: DuckDBPyConnection, schema: str) -> int:
    """Rename the records of the temp table rekey(record_type, old_key_hash, new_record_key, new_key_hash) that the
    store has under the old key; `schema` is the name of the source schema that their rows are named after. Returns how
    many were found. The ids of their rows in OMOP stay.
    """
    con.execute(sql("ledger/rekey_found"))
    found = con.execute("SELECT count(*) FROM rekey_found").fetchone()
    if found is None or not found[0]:
        return 0
    _rename_rows(con, schema)
    _rename_entities(con)
    con.execute(sql("ledger/rekey_registry"))
    con.execute(sql("ledger/rekey_record"))
    return int(found[0])


def _rename_rows(con: DuckDBPyConnection, schema: str) -> None:
    """The rows that the records made, by row_key and submitter_id; rekey_row(old, new) collects the keys of rows."""
    con.execute(sql("ledger/rekey_row_table"))
    for relation in _hub(con):
        named = "submitter_id" in columns_of(con, relation)
        put_in = {
            "relation": relation,
            "submitter": "h.submitter_id" if named else "NULL",
            "set": ", submitter_id = coalesce(k.new_submitter_id, submitter_id)" if named else "",
        }
        con.execute(sql("ledger/rekey_hub").format(**put_in), {"schema": schema})
        con.execute(sql("ledger/rekey_hub_row").format(**put_in))
    for table, concept in _EVENTS.items():
        con.execute(sql("ledger/rekey_event").format(table=table, concept=concept))


def _rename_entities(con: DuckDBPyConnection) -> None:
    """What rows of other records are named after: patients, stays, people, places, drugs and devices."""
    con.execute(sql("ledger/rekey_name"), {"types": list(_ENTITIES), "kinds": list(_ENTITIES.values())})
    if con.execute("SELECT 1 FROM rekey_name LIMIT 1").fetchone() is None:
        return
    con.execute(sql("ledger/rekey_natural"))
    tables = con.execute(
        "SELECT DISTINCT table_name FROM duckdb_columns() WHERE schema_name = 'harmonize' AND NOT internal "
        "AND column_name LIKE '%case_key%' AND table_name IN (SELECT table_name FROM duckdb_tables())"
    ).fetchall()
    for relation in [*_hub(con), *(f"harmonize.{name}" for (name,) in tables)]:
        for column in columns_of(con, relation):
            kind = "case" if column == "submitter_id" and relation.endswith('"case"') else _kind(column)
            if kind is not None:
                project = column.replace("case_key", "project_id") if "case_key" in column else "project_id"
                con.execute(
                    sql("ledger/rekey_name_column").format(relation=relation, column=column, project=project), [kind]
                )


def _kind(column: str) -> str | None:
    if "case_key" in column:
        return "case"
    return next((kind for kind, columns in _NAMED_BY.items() if column in columns), None)


def _hub(con: DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name IN ('midrc', 'archive') "
        "AND NOT temporary ORDER BY ALL"
    ).fetchall()
    return [f"{schema}.{quote(name)}" for schema, name in rows]
