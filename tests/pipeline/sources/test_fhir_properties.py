"""What holds for any export, however strange: the laws of the ledger; order, form and repetition mean nothing."""

from __future__ import annotations

import json
import random
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from chance import examples
from fhir_export import patients
from fhir_strange import strange_export
from hypothesis import given
from stores import copied_for_example

from harmonize.engine.store import Store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult


def _load(store: Store, *files: Path) -> LoadResult:
    return load(store, files, source="fhir", project="P")


def _lines(folder: Path, name: str, lines: list[str]) -> Path:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def _rows(store: Store) -> dict[str, Counter[tuple[Any, ...]]]:
    """Every row of omop without generated ids, and how each resource ended."""
    found = {}
    tables = store.con.execute(
        "SELECT table_name, list(column_name), bool_or(column_name = 'person_id') FROM duckdb_columns() "
        "WHERE schema_name = 'omop' AND table_name NOT IN ('metadata', 'cdm_source') GROUP BY ALL"
    ).fetchall()
    vocabulary = {"concept", "concept_relationship", "vocabulary", "domain", "concept_class", "relationship"}
    for table, columns, of_person in tables:
        kept = [f't."{c}"' for c in columns if not c.endswith("_id") or c.endswith("concept_id")]
        if table in vocabulary or not kept:
            continue
        who = "p.person_source_value, " if of_person and table != "person" else ""
        join = " JOIN omop.person p USING (person_id)" if who else ""
        found[table] = Counter(store.con.execute(f"SELECT {who}{', '.join(kept)} FROM omop.{table} t{join}").fetchall())
    found["ledger"] = Counter(
        store.con.execute("SELECT record_type, record_key, state, reason FROM harmonize.ledger").fetchall()
    )
    return found


def _everything(store: Store) -> dict[str, list[str]]:
    """Every row of omop, midrc, row_id and row_source.

    What waits in quarantine is looked at anew with each delivery of it, so its rows in midrc name the last one: their
    record_id is not compared.
    """
    tables = store.con.execute(
        "SELECT schema_name || '.\"' || table_name || '\"', schema_name = 'midrc' FROM duckdb_tables() "
        "WHERE schema_name IN ('omop', 'midrc') AND table_name NOT IN ('metadata', 'cdm_source') "
        "OR table_name IN ('row_id', 'row_source') ORDER BY 1"
    ).fetchall()
    waiting = "(SELECT record_id FROM harmonize.record WHERE state = 'quarantined')"
    settled = f"SELECT * REPLACE (CASE WHEN record_id NOT IN {waiting} THEN record_id END AS record_id) "
    return {
        name: sorted(map(repr, store.con.execute(f"{settled if of_hub else ''} FROM {name}").fetchall()))
        for name, of_hub in tables
    }


@examples(2)
@given(lines=strange_export())
def test_every_record_ends_once_and_a_second_load_changes_nothing(empty_store: Path, lines: list[str]) -> None:
    with copied_for_example(empty_store) as (store, folder):
        file = _lines(folder, "a.ndjson", lines)
        first = _load(store, file)
        assert sum(first.states.values()) == first.records >= len([line for line in lines if line.strip("\ufeff")])
        before = _everything(store)
        second = _load(store, file)
        assert second.records == first.records
        assert _everything(store) == before
        assert second.states["loaded"] == second.states["context"] == 0


@examples(2)
@given(lines=strange_export())
def test_order_of_lines_and_files_means_nothing(empty_store: Path, lines: list[str]) -> None:
    # what is deleted in the delivery that holds it depends on its place there by intent
    lines = [line for line in lines if "DELETE" not in line]
    shuffled = list(lines)
    random.Random(1).shuffle(shuffled)
    half = len(lines) // 2
    with copied_for_example(empty_store) as (one, folder), copied_for_example(empty_store) as (other, other_folder):
        _load(one, _lines(folder, "a.ndjson", lines))
        _load(
            other,
            _lines(other_folder, "z.ndjson", shuffled[:half]),
            _lines(other_folder, "a.ndjson", shuffled[half:]),
        )
        assert _rows(one) == _rows(other)


@examples(2)
@given(lines=strange_export())
def test_withdrawing_a_delivery_leaves_the_store_as_it_was(empty_store: Path, lines: list[str]) -> None:
    with copied_for_example(empty_store) as (store, folder):
        _load(store, _lines(folder, "first.ndjson", [json.dumps(resource) for resource in patients(3, seed=5)]))
        before = _everything(store)
        result = _load(store, _lines(folder, "a.ndjson", lines))
        if result.states["unchanged"]:
            return  # records that a withdrawn delivery repeated unchanged are told apart in docs/conventions.md
        withdraw(store, result.submission)
        assert _everything(store) == before


@examples(2)
@given(lines=strange_export())
def test_the_form_of_an_export_means_nothing(empty_store: Path, lines: list[str]) -> None:
    resources = []
    for line in lines:
        try:
            resource = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(resource, dict) and isinstance(resource.get("resourceType"), str) and "DELETE" not in line:
            resources.append(resource)
    found = []
    for form in ("ndjson", "json", "zip"):
        with copied_for_example(empty_store) as (store, folder):
            file = _lines(folder, "a.ndjson", [json.dumps(resource) for resource in resources])
            if form == "json":
                file = folder / "b.json"
                whole = {
                    "resourceType": "Bundle",
                    "id": "b",
                    "type": "collection",
                    "entry": [{"resource": r} for r in resources],
                }
                file.write_text(json.dumps(whole, indent=1), encoding="utf-8")
            if form == "zip":
                file = folder / "c.zip"
                with zipfile.ZipFile(file, "w") as archive:
                    for number, resource in enumerate(resources):
                        archive.writestr(f"in/{number}.json", json.dumps(resource))
            _load(store, file)
            found.append({name: rows for name, rows in _rows(store).items() if name != "ledger"})
    assert found[0] == found[1]
    assert found[0] == found[2]
