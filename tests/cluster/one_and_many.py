"""One store and a dataset in shards, row by row: ids become the keys of their rows, since only these are the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from harmonize.engine.dataset import views_of

VOCABULARY = (
    "concept", "vocabulary", "domain", "concept_class", "concept_relationship", "relationship", "concept_synonym",
    "concept_ancestor", "drug_strength", "source_to_concept_map",
)  # fmt: skip
NAMED_OTHERWISE = {"preceding_visit_occurrence_id": "visit_occurrence", "parent_visit_detail_id": "visit_detail"}
FIELDS = {
    "measurement_event_id": "meas_event_field_concept_id",
    "observation_event_id": "obs_event_field_concept_id",
    "note_event_id": "note_event_field_concept_id",
    "image_feature_event_id": "image_feature_event_field_concept_id",
}
LEDGER = {
    "record": "SELECT f.name, r.line, t.name, r.record_key, r.key_hash::VARCHAR, r.content_hash::VARCHAR, "
    "r.state::VARCHAR, e.reason, r.is_current, r.submission_id, r.record_id FROM harmonize.record r "
    "JOIN harmonize.record_type t USING (record_type) "
    "JOIN harmonize.source_file f USING (file_id) LEFT JOIN harmonize.reason e USING (reason_id)",
    "file": "SELECT * EXCLUDE (size) FROM harmonize.source_file",
    "finding": "SELECT u.rule, x.name, f.line, c.name, c.header, f.value, f.submission_id FROM harmonize.finding f "
    "JOIN harmonize.rule u USING (rule_id) LEFT JOIN harmonize.source_file x ON x.file_id = f.file_id "
    "LEFT JOIN harmonize.file_column c ON c.file_id = f.file_id AND c.column_id = f.column_id",
    "column": "SELECT submission_id, file_id, column_name, reason, records, empty, loaded, context, excluded, "
    "quarantined FROM harmonize.ledger_column",
    "lineage": "SELECT s.omop_table::VARCHAR, i.row_key::VARCHAR, s.record_id, s.role::VARCHAR, m.source, "
    "m.part, m.target "
    "FROM harmonize.row_source s JOIN harmonize.row_id i ON i.omop_table = s.omop_table AND i.omop_id = s.omop_id "
    "LEFT JOIN harmonize.mapping m USING (mapping_id)",
    "person_case": "SELECT project_id, case_key, basis, chosen_project_id, chosen_case_key FROM harmonize.person_case",
    "key": "SELECT omop_table::VARCHAR, row_key::VARCHAR FROM harmonize.row_id",
    "place": "SELECT * EXCLUDE (person_id) FROM harmonize.case_place",
    "imputation": "SELECT m.omop_table::VARCHAR, i.row_key::VARCHAR, m.column_name, m.rule FROM harmonize.imputation m "
    "JOIN harmonize.row_id i ON i.omop_table = m.omop_table AND i.omop_id = m.omop_id",
}


def contents(path: Path) -> dict[str, Counter[Any]]:
    """Table → its rows, of a store or a dataset: omop, midrc, and what the ledger says."""
    file, settings = views_of(path)
    con = duckdb.connect(str(file), read_only=True, config=settings)
    try:
        tables = con.execute(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_schema IN ('omop', 'midrc') ORDER BY ALL"
        ).fetchall()
        names = {name for schema, name in tables if schema == "omop"}
        found = {
            f"omop.{name}": _rows(con, _omop(con, name, names))
            for schema, name in tables
            if schema == "omop" and name not in (*VOCABULARY, "cdm_source")
        }
        found |= {
            f"midrc.{name}": _rows(con, f'SELECT * EXCLUDE (mapping_id) FROM midrc."{name}"')
            for schema, name in tables
            if schema == "midrc"
        }
        return found | {name: _rows(con, statement) for name, statement in LEDGER.items()}
    finally:
        con.close()


def differences(one: dict[str, Counter[Any]], many: dict[str, Counter[Any]]) -> dict[str, list[Any]]:
    """Table → rows that are only in one of the two (as often as they are), the first of each."""
    found = {}
    for name in sorted(one.keys() | many.keys()):
        left, right = one.get(name, Counter()), many.get(name, Counter())
        if left != right:
            found[name] = [sorted(map(repr, left - right))[:3], sorted(map(repr, right - left))[:3]]
    return found


def _rows(con: duckdb.DuckDBPyConnection, statement: str) -> Counter[Any]:
    return Counter(map(repr, con.execute(statement).fetchall()))


def _omop(con: duckdb.DuckDBPyConnection, table: str, names: set[str]) -> str:
    cells, joins = [], ""
    for column, *_ in con.execute(f"DESCRIBE omop.{table}").fetchall():
        other = NAMED_OTHERWISE.get(column) or column.removesuffix("_id")
        alias = f"i{len(cells)}"
        if column in FIELDS:
            joins += (
                f" LEFT JOIN omop.concept c{alias} ON c{alias}.concept_id = t.{FIELDS[column]}"
                f" LEFT JOIN harmonize.row_id {alias}"
                f" ON {alias}.omop_table::VARCHAR = split_part(c{alias}.concept_name, '.', 1)"
                f" AND {alias}.omop_id = t.{column}"
            )
        elif column in ("fact_id_1", "fact_id_2"):
            kinds = "{'visit': 'visit_occurrence', 'drug': 'drug_exposure', 'procedure': 'procedure_occurrence',"
            kinds += " 'condition': 'condition_occurrence'}"
            domain = f"lower(c{alias}.concept_name)"
            joins += (
                f" LEFT JOIN omop.concept c{alias} ON c{alias}.concept_id ="
                f" t.{column.replace('fact_id', 'domain_concept_id')}"
                f" LEFT JOIN harmonize.row_id {alias} ON {alias}.omop_id = t.{column} AND {alias}.omop_table::VARCHAR ="
                f" coalesce((MAP {kinds})[{domain}], {domain})"
            )
        elif column.endswith("_id") and other in names and other not in (*VOCABULARY, "metadata"):
            joins += f" LEFT JOIN harmonize.row_id {alias} ON {alias}.omop_table = '{other}'"
            joins += f" AND {alias}.omop_id = t.{column}"
        else:
            cells.append(f't."{column}"')
            continue
        cells.append(
            f"CASE WHEN t.{column} IS NOT NULL THEN coalesce({alias}.row_key::VARCHAR, 'lost') END AS {column}"
        )
    return f"SELECT {', '.join(cells)} FROM omop.{table} t{joins}"
