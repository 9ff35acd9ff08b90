"""What tells who somebody is goes out of a resource, and nothing else does."""

from __future__ import annotations

import json

import pytest

from harmonize.pipeline.fhir_private import without

OBSERVATION = {
    "id": "o1",
    "valueString": "1 Main St",
    "note": [{"text": "a"}, {"text": "b", "time": "2020"}],
    "component": [{"code": {"text": "c"}, "valueString": "x"}, {"valueInteger": 1}],
}


@pytest.mark.parametrize(
    ("elements", "changed"),
    [
        (["Observation.valueString"], {"valueString": None}),
        (["Observation.note.text"], {"note": [{}, {"time": "2020"}]}),
        (["Observation.component.valueString"], {"component": [{"code": {"text": "c"}}, {"valueInteger": 1}]}),
        (["Observation.code.text", "Observation.absent"], {}),
    ],
)
def test_elements_go_out_of_every_item(elements: list[str], changed: dict[str, object]) -> None:
    expected = {key: value for key, value in (OBSERVATION | changed).items() if value is not None}
    assert json.loads(without(json.dumps(OBSERVATION), elements)) == expected
