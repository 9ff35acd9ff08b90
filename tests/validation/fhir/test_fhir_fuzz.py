"""No FHIR input makes a validation crash: it is read and reported, every report sound, or refused in a sentence."""

from __future__ import annotations

import json

import pytest
from chance import examples
from fhir_export import bundle, patients
from fhir_strange import strange_export
from hypothesis import given
from hypothesis import strategies as st
from test_fuzz import examine

SOUND = json.dumps(bundle(patients(1)), indent=1).encode()
PATIENT = '{"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1960-05-17"'


@examples(6)
@given(st.binary(max_size=200), st.sampled_from(("a.ndjson", "a.json", "a.ndjson.gz", "a.zip")))
def test_any_bytes(content: bytes, name: str) -> None:
    examine(name, content, "fhir")


@examples(6)
@given(strange_export())
def test_strange_exports(lines: list[str]) -> None:
    examine("a.ndjson", "".join(f"{line}\n" for line in lines).encode(), "fhir")


@examples(6)
@given(st.integers(0, len(SOUND)), st.binary(max_size=20), st.integers(0, 50))
def test_damaged_bundles(place: int, put_in: bytes, gone: int) -> None:
    examine("b.json", SOUND[:place] + put_in + SOUND[place + gone :], "fhir")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (PATIENT + ', "extension": ' + '[{"extension": ' * 400 + "[]" + "}]" * 400 + "}", {"broken_json"}),
        (PATIENT + ', "x": ' + "[" * 100_000 + "]" * 100_000 + "}", {"broken_json"}),
        (PATIENT + ', "x": ' + '{"y": ' * 5_000 + "1" + "}" * 5_000 + "}", {"broken_json"}),
        (PATIENT + ', "text": {"status": "generated", "div": "' + "x" * 3_000_000 + '"}}', set()),
        (PATIENT + ', "\\ud800": 1}', {"broken_json"}),
        (PATIENT + ', "multipleBirthInteger": 1e400}', {"broken_json"}),
        (PATIENT + ', "multipleBirthInteger": ' + "9" * 5_000 + "}", {"broken_json"}),
        (PATIENT + "".join(f', "x{n}": 1' for n in range(2_000)) + "}", {"fhir_unknown_element"}),
        (PATIENT + ', "id": "p2", "id": "p3"}', set()),
        (PATIENT + ', "active": NaN}', {"broken_json"}),
        (PATIENT + ', "=cmd()": "=cmd()"}', {"fhir_unknown_element"}),
    ],
    ids=[
        "nested extensions", "nested lists", "nested objects", "long narrative", "half a character", "1e400",
        "5,000 digits", "2,000 elements", "one name thrice", "NaN", "formula",
    ],
)  # fmt: skip
def test_odd_resources_are_told(text: str, rules: set[str]) -> None:
    found = examine("a.ndjson", (PATIENT + "}\n" + text + "\n").encode(), "fhir")
    assert isinstance(found, dict), found
    assert rules <= found.keys()
