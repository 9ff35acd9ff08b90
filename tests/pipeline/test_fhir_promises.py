"""What validate says of a FHIR delivery is what load does with it."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from chance import examples
from duckdb import DuckDBPyConnection
from fhir_export import patients, write_ndjson
from fhir_mutate import mutate
from hypothesis import given
from hypothesis import strategies as st
from stores import copied_for_example

from harmonize.engine.store import Store
from harmonize.pipeline import fhir
from harmonize.pipeline.fhir_private import hide_cells
from harmonize.pipeline.load import load
from harmonize.validation.validate import validate

NOBODY = {"fhir_no_patient", "fhir_unresolved_reference"}
"""Warnings of records that nobody can be found for; a load then says which of its rows name no case."""


def _told(path: Path) -> list[dict[str, Any]]:
    out = io.BytesIO()
    with validate([path], source="fhir") as result:
        result.write(out, format="jsonl")
    return [row for line in out.getvalue().splitlines() if "rule" in (row := json.loads(line)) and row["line"]]


def _errors(store: Store) -> set[tuple[Any, ...]]:
    return set(
        store.con.execute(
            "SELECT rule, line, name FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
            "LEFT JOIN harmonize.file_column USING (file_id, column_id) WHERE severity = 'error' AND line IS NOT NULL"
        ).fetchall()
    )


@examples(4)
@given(seed=st.integers(0, 2**20))
def test_damaged_resources(empty_store: Path, seed: int) -> None:
    dice = random.Random(seed)
    resources = patients(2, seed % 5)
    damaged = sorted(dice.sample(range(len(resources)), 6))
    for place in damaged:
        resources[place] = mutate(resources[place], dice)
    with copied_for_example(empty_store) as (store, folder):
        path = write_ndjson(folder / "a.ndjson", resources)
        told = _told(path)
        mapped: dict[int, str] = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fhir, "hide_cells", lambda con, project: _hide_and_note(con, project, mapped))
            result = load(store, [path], source="fhir", project="P")
        errors = {(row["rule"], row["line"], row["path"]) for row in told if row["severity"] == "error"}
        # one and the same judgement
        waits = {row["line"] for row in told if row["rule"] in NOBODY or row["severity"] == "error"}
        found = {error for error in _errors(store) if error[0] != "no_case_key" or error[1] not in waits}
        assert (found - errors, errors - found) == (set(), set())
        cells = {(row["line"], row["path"]) for row in told if row["severity"] == "error" and row["path"]}
        assert result.cells_quarantined == len({(line, column) for _, line, column in errors if column}) <= len(cells)
        # (what has no date may have that of its visit, which nothing but a load knows)
        ended = dict(
            store.con.execute(
                "SELECT line, state FROM harmonize.ledger WHERE reason IS DISTINCT FROM 'no_date'"
            ).fetchall()
        )
        # a record that is refused whole is quarantined, and none is of which nothing was told
        whole = {row["line"] for row in told if row["severity"] == "error" and not row["column"]}
        assert {line for line in whole if ended.get(line) != "quarantined"} == set()
        assert {line for line, state in ended.items() if state == "quarantined"} - waits == set()
        # nothing that is told as an error is mapped
        assert _still_there(mapped, cells) == []


def _hide_and_note(con: DuckDBPyConnection, project: str, mapped: dict[int, str]) -> None:
    hide_cells(con, project)
    mapped.update(con.execute("SELECT line, json FROM fhir_resource").fetchall())


def _still_there(mapped: dict[int, str], cells: set[tuple[int, str]]) -> list[tuple[int, str]]:
    """The cells of these whose value the views read all the same."""
    return [
        (line, path)
        for line, path in cells
        if _at(json.loads(mapped[line] or "null"), path) not in (None, "***", "", [], {})
    ]


def _at(resource: Any, path: str) -> Any:
    for step in path.split(".")[1:]:
        name, *indexes = step.replace("]", "").split("[")
        if not isinstance(resource, dict) or name not in resource:
            return None
        resource = resource[name]
        for index in indexes:
            if not isinstance(resource, list) or int(index) >= len(resource):
                return None
            resource = resource[int(index)]
    return resource
