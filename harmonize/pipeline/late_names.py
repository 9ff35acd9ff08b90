"""Texts that came before their patient: what a delivery newly tells of how people are called is looked for in what the
store has of the same cases from earlier deliveries, and masked there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote
from harmonize.schema.load import load_schema
from harmonize.validation.privacy.identity import begin_tokens, find_tokens
from harmonize.validation.privacy.masking import make_masks

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_KEYS = ("_key", "_id", "_uid", "_hash", "submitter_id", "coding", "code", "imputation", "precision")

_SCHEMAS = ("midrc", "archive")


def mask_earlier_texts(con: DuckDBPyConnection) -> None:
    """Mask what identity_known has new in the hub's earlier rows of the cases in touched_case, which are derived anew
    after this, and in those of the archive, which a withdrawal brings back; the records have a finding. Only where such
    rows are is anything read."""
    if con.execute("SELECT 1 FROM identity_known WHERE is_new LIMIT 1").fetchone() is None:
        return
    if con.execute(sql("ledger/late_may")).fetchone() is None:
        return
    asked = " UNION ALL ".join(
        f"SELECT '{schema}' AS schema, '{table}' AS name FROM {schema}.{quote(table)} h "
        "SEMI JOIN touched_case USING (project_id, case_key) WHERE record_id < (SELECT min(record_id) FROM incoming)"
        for table in _texts()
        for schema in _SCHEMAS
    )
    found = con.execute(f"SELECT DISTINCT schema, name FROM ({asked}) ORDER BY ALL").fetchall()
    con.execute(sql("ledger/late_record_table"))
    for schema, table in found:
        _mask(con, f"{schema}.{quote(table)}", _texts()[table])
    if found:
        con.execute(sql("ledger/late_name"))


def _mask(con: DuckDBPyConnection, relation: str, columns: tuple[str, ...]) -> None:
    numbers = ", ".join(str(number) for number in range(1, len(columns) + 1))
    cells = ", ".join(f"h.{quote(name)}" for name in columns)
    con.execute(sql("ledger/late_text").format(relation=relation, numbers=numbers, cells=cells))
    con.execute(sql("validation/privacy_hit_table"))
    begin_tokens(con)
    find_tokens(con, "late_text", range(1, len(columns) + 1))
    if con.execute("SELECT 1 FROM privacy_hit LIMIT 1").fetchone() is None:
        return
    make_masks(con, range(1, len(columns) + 1), tokens=True)
    for number, name in enumerate(columns, start=1):
        con.execute(sql("ledger/late_mask").format(relation=relation, column=name, number=number))


@cache
def _texts() -> dict[str, tuple[str, ...]]:
    """Node → its columns of free text, of the nodes whose rows are a patient's."""
    from harmonize.schema.ddl import columns, duckdb_type, tables

    found = {}
    for name, cls in tables(load_schema("midrc")).items():
        slots = columns(cls)
        texts = tuple(
            slot.name
            for slot in slots.values()
            if duckdb_type(slot) == "VARCHAR" and slot.permissible_values is None and not slot.name.endswith(_KEYS)
        )
        if "case_key" in slots and texts:
            found[name] = texts
    return found
