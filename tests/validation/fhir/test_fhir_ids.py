"""Ids of resources that identify a person."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from harmonize.validation.validate import validate


def _findings(path: Path) -> list[dict[str, Any]]:
    out = io.BytesIO()
    with validate([path], source="fhir") as result:
        result.write(out, format="jsonl")
    return [json.loads(line) for line in out.getvalue().decode().splitlines()[:-1]]  # the last line is the summary


def test_an_id_is_looked_at_by_what_would_tell_in_a_name(tmp_path: Path) -> None:
    """As it is, without letters before it, with its words apart; dates, ages and places are no matter of ids."""
    told = {
        "219-09-9999": "phi_ssn", "p-219-09-9999": "phi_ssn", "MRN12345678": "phi_mrn", "617-495-1000": "phi_phone",
        "John.Smith": "phi_name", "Smith-John": "phi_name", "12-Main-Street": "phi_address", "10.2.3.4": "phi_ip",
        "www.example.org": "phi_url",
    }  # fmt: skip
    plain = ["SmithJohn", "2020-03-04", "age-95", "zip-02139", "92-years-old"]
    path = tmp_path / "export.ndjson"
    lines = [json.dumps({"resourceType": "Patient", "id": name, "gender": "female"}) for name in [*told, *plain]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = [(f["rule"], f["line"], f["path"], f["value"]) for f in _findings(path) if f["rule"].startswith("phi_")]
    assert sorted(found, key=lambda f: f[1]) == [
        (rule, line, "Patient.id", "***") for line, rule in enumerate(told.values(), start=1)
    ]


def test_a_number_that_the_delivery_tells_is_no_id(tmp_path: Path) -> None:
    """A member's or a device's number in the place of an id, in whatever resource; what a patient is called is not."""
    kinds = {"MR": "77001234", "MB": "XKH3993397225", "SNO": "493788992"}
    identifiers = [{"type": {"coding": [{"code": code}]}, "value": value} for code, value in kinds.items()]
    subject, encounter = {"reference": "Patient/77001234"}, {"reference": "Encounter/493788992"}
    resources = [
        {"resourceType": "Patient", "id": "77001234", "gender": "female", "identifier": identifiers},
        {"resourceType": "Condition", "id": "c-77001234-1", "subject": subject},
        {"resourceType": "Condition", "id": "XKH3993397225", "subject": subject},
        {
            "resourceType": "Condition",
            "id": "c4",
            "subject": subject,
            "encounter": encounter,
        },
    ]
    path = tmp_path / "export.ndjson"
    path.write_text("".join(json.dumps(resource) + "\n" for resource in resources), encoding="utf-8")
    found = [(f["line"], f["path"]) for f in _findings(path) if f["rule"] == "phi_mrn"]
    assert sorted(found) == [(3, "Condition.id"), (4, "Condition.encounter.reference")]
