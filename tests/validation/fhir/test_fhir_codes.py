"""Of a wrong code the right one is told, by what it means and not only by its spelling; words of value sets are shown,
names are not."""

from __future__ import annotations

import io
import json

import pytest

from harmonize.validation.fhir.shown import _words
from harmonize.validation.validate import validate

# Value of an element of type code → (what is shown, the nearest code); *** tells nothing, and nothing is near it.
GENDER = {
    "F": ("F", "female"),  # HL7's ConceptMap to v2
    "m": ("m", "male"),
    "U": ("U", "unknown"),
    "woman": ("woman", "female"),  # a synonym
    "Female": ("Female", "female"),  # spelling
    "completed": ("completed", None),  # a code of other lists
    "Smithers": ("***", None),
    "Grant": ("***", None),
    "Ada Smithers": ("***", None),
    "weiblich": ("***", None),
    "4711": ("***", None),
}
SYSTEM = {"BP": ("BP", "pager"), "telephone": ("telephone", "phone"), "Beeper": ("Beeper", "pager")}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[str, str]]:
    """(record, element) → value and hint."""
    folder = tmp_path_factory.mktemp("codes")
    patients = [
        {"resourceType": "Patient", "id": f"g{n}", "gender": gender, "birthDate": "1970"}
        for n, gender in enumerate(GENDER)
    ] + [
        {"resourceType": "Patient", "id": f"s{n}", "birthDate": "1970", "telecom": [{"system": system, "value": "x"}]}
        for n, system in enumerate(SYSTEM)
    ]
    (folder / "Patient.ndjson").write_text("".join(json.dumps(one) + "\n" for one in patients), encoding="utf-8")
    out = io.BytesIO()
    with validate([folder], source="fhir") as done:
        done.write(out, format="json")
    return {
        (one["record"], one["rule"]): (one["value"], one["hint"])
        for one in json.loads(out.getvalue())["findings"]
        if one["rule"] == "fhir_code"
    }


@pytest.mark.parametrize(("prefix", "values"), [("g", GENDER), ("s", SYSTEM)])
def test_the_right_code_is_told(findings, prefix, values):
    for number, (shown, nearest) in enumerate(values.values()):
        value, hint = findings[f"Patient/{prefix}{number}", "fhir_code"]
        told = hint.removeprefix("Did you mean ").partition("?")[0] if hint.startswith("Did you mean") else None
        assert (value, told) == (shown, nearest)


def test_no_word_that_is_shown_is_a_name():
    words = set(_words())
    assert {"completed", "finished", "male", "woman"} <= words
    assert not {"grant", "smithers", "may", "mark"} & words
