"""What validate says of a FHIR delivery is what load does with it."""

from __future__ import annotations

import io
import json
import random
import re
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
from harmonize.pipeline.foresee import foresee
from harmonize.pipeline.load import load
from harmonize.pipeline.sources import fhir
from harmonize.pipeline.sources.fhir_private import hide_cells
from harmonize.validation.validate import validate

DATED = re.compile("effective|issued|performed|onset|recorded|authored|occurrence|period|started|date|birth|when")
"""Elements that date a resource."""


def _told(path: Path) -> tuple[list[dict[str, Any]], set[int], int]:
    """The findings of a delivery, the lines that a load would quarantine, and the exit code."""
    out = io.BytesIO()
    with validate([path], source="fhir", foresee=foresee) as result:
        code = result.exit_code(result.write(out, format="jsonl"))
        lines = {line for (line,) in result.con.execute("SELECT line FROM foreseen").fetchall()}
    return (
        [row for line in out.getvalue().splitlines() if "rule" in (row := json.loads(line)) and row["line"]],
        lines,
        code,
    )


def _told_by_load(store: Store) -> set[tuple[Any, ...]]:
    return set(
        store.con.execute(
            "SELECT rule, line, name FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
            "LEFT JOIN harmonize.file_column USING (file_id, column_id) "
            "WHERE (severity = 'error' OR rule = 'no_date') AND line IS NOT NULL"
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
    for place in dice.sample(range(1, len(resources)), 6):
        resources[place] = {name: value for name, value in resources[place].items() if not DATED.match(name)}
    if dice.random() < 0.5:  # a patient of whom no line tells
        resources = [resource for n, resource in enumerate(resources) if n or resource["resourceType"] != "Patient"]
    with copied_for_example(empty_store) as (store, folder):
        path = write_ndjson(folder / "a.ndjson", resources)
        told, foreseen, code = _told(path)
        mapped: dict[int, str] = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fhir, "hide_cells", lambda con, project: _hide_and_note(con, project, mapped))
            result = load(store, [path], source="fhir", project="P")
        errors = {(row["rule"], row["line"], row["path"]) for row in told if row["severity"] == "error"}
        undated = {(row["rule"], row["line"], None) for row in told if row["rule"] == "no_date"}
        # one and the same judgement
        assert _told_by_load(store) == errors | undated
        cells = {(row["line"], row["path"]) for row in told if row["severity"] == "error" and row["path"]}
        assert result.cells_quarantined == len({(line, column) for _, line, column in errors if column}) <= len(cells)
        ended = dict(store.con.execute("SELECT line, state FROM harmonize.ledger").fetchall())
        assert {line for line, state in ended.items() if state == "quarantined"} == foreseen
        assert code == (1 if result.negative else 0)
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
