"""What several shards may have becomes one: shared rows once, sums added up, each file's law; and what must not be in
two shards is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.cluster.export import DESCRIBED, OF_CATALOG, SHARED, VOCABULARY, columns_of, qualified, told, write
from harmonize.cluster.fhir import FIRST
from harmonize.cluster.layout import SHARED as SHARED_NUMBER
from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.cluster.export import Columns
    from harmonize.cluster.fhir import FhirWhole
    from harmonize.cluster.layout import Files, Manifest

HIDDEN = ("shift_key_file", "shift_key_fingerprint")
"""Columns of harmonize.project that no reader has."""
REGISTRIES = ("record_type", "reason", "rule", "mapping", "file_column")


def files_relation(folder: Path, files: Files, table: str, but: int | None = None) -> str | None:
    """The rows of a table in the files of all shards (`but` one), `shard_` the file's; None where there are none."""
    some = [literal(str(folder / file)) for number, file in files.get(table, {}).items() if number != str(but)]
    if not some:
        return None
    return f"read_parquet([{', '.join(some)}], union_by_name = true, filename = 'shard_', hive_partitioning = false)"


def reduce_shares(con: DuckDBPyConnection, folder: Path, manifest: Manifest, mark: str) -> dict[str, str]:
    """Write what the shards share, once, and what the catalog keeps; table → file."""
    made: dict[str, str] = {}
    con.execute(sql("cluster/registries"))
    tables = columns_of(con)
    for table in manifest.shares:
        relation = files_relation(folder, manifest.shares, table)
        if relation is not None and (
            file := write(con, _once(table, tables[table], relation), folder, "tables", table, f"shared-{mark}")
        ):
            made[table] = file
    _describe(con, made.get("harmonize.project"), folder)
    kept = [f"harmonize.{name}" for name in OF_CATALOG] + [f"omop.{name}" for name in (*DESCRIBED, *VOCABULARY)]
    for table in kept:
        cells = ", ".join(told(column, kind) for column, kind in tables[table].items())
        if file := write(con, f"SELECT {cells} FROM {qualified(table)} t", folder, "tables", table, f"catalog-{mark}"):
            made[table] = file
    for name in REGISTRIES:
        if file := write(con, f"FROM cluster_{name}", folder, "tables", f"harmonize.{name}", f"catalog-{mark}"):
            made[f"harmonize.{name}"] = file
    return made


def _once(table: str, columns: Columns, relation: str) -> str:
    """SELECT of the rows that are one of those of several shards."""
    names = ", ".join(quote(column) for column in columns)
    schema, _, name = table.partition(".")
    if table == "harmonize.record":  # what a shard has no use for another may have
        return _first(names, relation, "record_id", "state <> 'loaded', state <> 'context', state")
    if table == "harmonize.row_source":  # of all records of a row the first is the primary one
        keys = "omop_table, omop_id, record_id, mapping_id"
        lowest = "min(record_id) OVER (PARTITION BY omop_table, omop_id)"
        role = f"CASE WHEN record_id = {lowest} THEN 'primary' ELSE 'support' END AS role"
        return f"SELECT {keys}, {role} FROM (SELECT DISTINCT {keys} FROM {relation})"
    if table == "harmonize.source_file":
        named = f"(SELECT file_id, min(name) AS name FROM {relation} GROUP BY 1)"  # as the screen of privacy left it
        return f"SELECT s.* REPLACE (f.name AS name) FROM harmonize.source_file s JOIN {named} f USING (file_id)"
    if table == "harmonize.project":
        cells = ", ".join(
            f"{'NULL' if c in HIDDEN else f'max({quote(c)})'} AS {quote(c)}" for c in columns if c != "project_id"
        )
        return f"SELECT project_id, {cells} FROM {relation} GROUP BY project_id"
    if schema == "omop" and name in SHARED:
        return _first(names, relation, f"{name}_id", "shard_")
    if schema == "midrc":
        return _first(names, relation, "record_id, row_key", "shard_")
    return f"SELECT DISTINCT {names} FROM {relation}"


def _first(names: str, relation: str, key: str, order: str) -> str:
    return f"SELECT {names} FROM {relation} QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {order}) = 1"


def settle_files(con: DuckDBPyConnection, folder: Path, manifest: Manifest, unchanged: Counter[int]) -> None:
    """Fill the states of harmonize.source_file of the catalog from the records of all shards.

    Raises InternalError where a file's records are not the sum of their states.
    """
    names = ("record_id", "submission_id", "file_id", "state", "is_current")
    own = files_relation(folder, manifest.tables, "harmonize.record", but=SHARED_NUMBER)
    shared = files_relation(folder, manifest.shares, "harmonize.record")
    parts = [f"SELECT {', '.join(names)} FROM {own}"] if own else []
    if shared:
        parts.append(_once("harmonize.record", dict.fromkeys(names, ""), shared))
    con.execute(sql("cluster/records").format(records=" UNION ALL ".join(f"({part})" for part in parts)))
    con.execute(sql("cluster/file_states"), {"files": list(unchanged), "counts": list(unchanged.values())})
    broken = con.execute(sql("ledger/file_law")).fetchone()
    if broken is not None:
        raise InternalError(
            f"The ledger does not balance: {broken[0]} has {broken[1]} records, of which {broken[2]} have a state."
        )


def sum_columns(con: DuckDBPyConnection, folder: Path, manifest: Manifest, whole: FhirWhole) -> None:
    """Add to the catalog what became of the elements of this load, over its shards."""
    rows = f"read_parquet({literal(str(whole.folder / 'columns-*.parquet'))})"
    con.execute(f"INSERT INTO harmonize.ledger_column BY NAME {sql('cluster/ledger_column').format(rows=rows)}")
    states = manifest.shares.get("harmonize.record", {}).get(str(FIRST))
    elements = whole.folder / "elements.parquet"
    if states is not None and elements.exists():
        con.execute(
            sql("cluster/used_elsewhere").format(
                elements=f"read_parquet({literal(str(elements))})",
                first=f"read_parquet({literal(str(folder / states))})",
            ),
            {"submission": whole.submission},
        )


def refuse_twofold(con: DuckDBPyConnection, folder: Path, manifest: Manifest) -> None:
    """Refuse a record, or an imaging study, that two shards have: in one store they would meet."""
    records = files_relation(folder, manifest.tables, "harmonize.record", but=SHARED_NUMBER)
    studies = files_relation(folder, manifest.tables, "midrc.imaging_study", but=SHARED_NUMBER)
    for what, relation, column, condition in (
        ("record", records, "key_hash", "is_current"),
        ("imaging study", studies, "study_uid", "study_uid IS NOT NULL"),
    ):
        if relation is None:
            continue
        found = con.execute(
            f"SELECT count(*) FROM (SELECT {column} FROM {relation} WHERE {condition} GROUP BY 1 "
            "HAVING count(DISTINCT shard_) > 1)"
        ).fetchone()
        if found and found[0]:
            raise InputError(
                f"{found[0]:,} of one {what} would be of patients in different shards; nothing was loaded.",
                "Load into one store with --db FILE, without --engine.",
            )


def _describe(con: DuckDBPyConnection, projects: str | None, folder: Path) -> None:
    """Fill cdm_source and metadata of the catalog, as a store describes itself."""
    if projects is not None:
        con.execute("DELETE FROM harmonize.project")
        con.execute(f"INSERT INTO harmonize.project BY NAME FROM read_parquet({literal(str(folder / projects))})")
    for name in ("cdm_source.gone", "cdm_source", "metadata.gone", "metadata"):
        con.execute(sql(f"steps/describe/{name}").replace("FROM harmonize.record r", "FROM cluster_record r"))
