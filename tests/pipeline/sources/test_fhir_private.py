"""What identifies a person does not come in with a FHIR resource, wherever a load reads it; all else does."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from fhir_plants import BASES, all_reads, planted

from harmonize.engine.store import Store
from harmonize.pipeline.load import load
from harmonize.pipeline.sources.fhir_private import changed
from harmonize.validation.rules import rule_texts

OBSERVATION = {
    "id": "o1",
    "valueString": "1 Main St",
    "note": [{"text": "a"}, {"text": "b", "time": "2020"}],
    "component": [{"code": {"text": "c"}, "valueString": "x"}, {"valueInteger": 1}],
    "a.b": {"c": 1},
}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([("$.valueString", None)], {"valueString": None}),
        ([("$.valueString", "[address]")], {"valueString": "[address]"}),
        ([("$.note[0].text", None)], {"note": [{}, {"text": "b", "time": "2020"}]}),
        ([("$.component[0].code.text", "d")], {"component": [{"code": {"text": "d"}, "valueString": "x"},
                                                                   {"valueInteger": 1}]}),
        ([("$.\"a.b\".c", None)], {"a.b": {}}),
    ],
)  # fmt: skip
def test_only_the_cell_is_changed(cells: list[tuple[str, str | None]], expected: dict[str, object]) -> None:
    told = {key: value for key, value in (OBSERVATION | expected).items() if value is not None}
    assert json.loads(changed(json.dumps(OBSERVATION), cells)) == told


def _everything(store: Store) -> str:
    tables = store.con.execute(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
        "AND table_schema IN ('midrc', 'omop', 'harmonize', 'archive')"
    ).fetchall()
    return "\n".join(str(store.con.execute(f'FROM "{schema}"."{name}"').fetchall()) for schema, name in tables)


def _load(store: Store, folder: Path, text: str) -> list[str]:
    """Load the text in every element that is read; returns the elements."""
    found = list(planted(text))
    resources = [{"resourceType": "Patient", "id": "p1", "gender": "female"}, *(resource for _, resource in found)]
    (folder / "x.ndjson").write_text("".join(json.dumps(resource) + "\n" for resource in resources))
    load(store, [folder / "x.ndjson"], source="fhir", project="Open-R1")
    return [element for element, _ in found]


def test_every_type_that_a_view_reads_is_planted() -> None:
    assert set(all_reads()) == set(BASES)


def test_no_element_that_a_load_reads_lets_a_telling_text_through(new_store: Store, tmp_path: Path) -> None:
    elements = _load(new_store, tmp_path, "call 617-495-1000 now")
    assert "495-1000" not in _everything(new_store)
    told = new_store.con.execute(
        "SELECT DISTINCT header FROM harmonize.finding JOIN harmonize.file_column USING (file_id, column_id) "
        "JOIN harmonize.rule USING (rule_id) "
        "WHERE rule IN ('phi_phone', 'phi_note', 'fhir_code', 'fhir_value', 'fhir_type')"
    ).fetchall()
    assert set(elements) - {header for (header,) in told} == set()


def test_the_elements_that_are_planted_do_reach_the_store(new_store: Store, tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    elements = _load(new_store, tmp_path, "zebra fish")
    reached = _everything(new_store).count("zebra fish")
    assert reached >= len(elements) // 3


def test_a_note_tells_all_that_it_holds_in_one_order(new_store: Store, tmp_path: Path) -> None:
    text = base64.b64encode(b"call 617-495-1000 or write to ada@example.org").decode()
    note = BASES["DocumentReference"] | {"content": [{"attachment": {"contentType": "text/plain", "data": text}}]}
    resources = [{"resourceType": "Patient", "id": "p1"}, {"resourceType": "DocumentReference", "id": "n1", **note}]
    (tmp_path / "x.ndjson").write_text("".join(json.dumps(resource) + "\n" for resource in resources))
    load(new_store, [tmp_path / "x.ndjson"], source="fhir", project="P")
    told = new_store.con.execute(
        "SELECT value FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE rule = 'phi_note'"
    ).fetchall()
    texts = rule_texts()
    assert told == [(f"{texts['phi_email'].kind}, {texts['phi_phone'].kind}",)]


def test_an_id_that_holds_a_name_which_a_patient_tells_is_hashed(new_store: Store, tmp_path: Path) -> None:
    """By what is told, since no form tells an invented name among other words; an id like others stays."""
    told = {"resourceType": "Patient", "id": "p2", "name": [{"family": "Thrauuzemrik", "given": ["Oxnolo"]}]}
    named = {"resourceType": "Patient", "id": "cough-says-thrauuzemrik-today", "gender": "female"}
    path = tmp_path / "a.ndjson"
    path.write_text("".join(json.dumps(resource) + "\n" for resource in (told, named)), encoding="utf-8")
    load(new_store, [path], source="fhir", project="P")
    keys = [key for (key,) in new_store.con.execute("SELECT record_key FROM harmonize.record ORDER BY line").fetchall()]
    assert keys[0] == "p2"
    assert "thrauuzemrik" not in keys[1].lower()
