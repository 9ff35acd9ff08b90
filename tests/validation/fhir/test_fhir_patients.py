"""What is told of Patients that are linked or not active, and of texts in other charsets."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import orjson
from fhir_export import patients, write_ndjson

from harmonize.validation.validate import validate

Resource = dict[str, Any]
_CLEAN = patients(3)


def _findings(path: Path) -> list[Resource]:
    out = io.BytesIO()
    with validate([path], source="fhir") as result:
        result.write(out, format="jsonl")
    return [orjson.loads(line) for line in out.getvalue().splitlines()[:-1]]


def test_patients_who_replace_each_other(tmp_path: Path) -> None:
    """A circle is told at each Patient in it; a chain is none, nor is a link that only refers."""
    links = [("p1", "replaced-by", "p2"), ("p2", "replaced-by", "p1"), ("p3", "replaces", "p4"),
             ("p4", "replaced-by", "p3"), ("p5", "replaced-by", "p3"),
             ("p6", "refer", "p7"), ("p7", "seealso", "p6")]  # fmt: skip
    linked = [
        {"resourceType": "Patient", "id": key, "gender": "female", "birthDate": "1960-05-17",
         "link": [{"type": kind, "other": {"reference": f"Patient/{other}"}}]}
        for key, kind, other in links
    ]  # fmt: skip
    told = _findings(write_ndjson(tmp_path / "x.ndjson", linked))
    circles = [(finding["line"], finding["value"]) for finding in told if finding["rule"] == "fhir_link_circle"]
    assert circles == [(1, "Patient/p1"), (2, "Patient/p2")]


def test_a_patient_that_is_not_active(tmp_path: Path) -> None:
    replaced = {"active": False, "link": [{"type": "replaced-by", "other": {"reference": "Patient/p2"}}]}
    place = 1 + next(number for number, resource in enumerate(_CLEAN) if resource["id"] == "p1")
    for change, lines in (({"active": True}, []), ({"active": False}, [place]), (replaced, [])):
        told = _findings(
            write_ndjson(tmp_path / "x.ndjson", [*_CLEAN[: place - 1], _CLEAN[place - 1] | change, *_CLEAN[place:]])
        )
        assert [finding["line"] for finding in told if finding["rule"] == "fhir_inactive_patient"] == lines


def test_a_text_that_is_none_in_its_charset(tmp_path: Path) -> None:
    def attachment(mime: str | None, data: str) -> Resource:
        return {"attachment": {"data": data} | ({"contentType": mime} if mime else {})}

    letter = {
        "resourceType": "DocumentReference", "id": "t1", "status": "current", "subject": {"reference": "Patient/p1"},
        "content": [
            attachment("text/plain", "w4Q="),  # Ä in UTF-8
            attachment("text/plain; charset=iso-8859-1", "xA=="),  # Ä in ISO 8859-1
            attachment(None, "xA=="),
            attachment("application/pdf", "xA=="),
            attachment("text/plain;charset=koi8-r", "QQ=="),
        ],
    }  # fmt: skip
    told = _findings(write_ndjson(tmp_path / "x.ndjson", [*_CLEAN, letter]))
    assert [finding["path"] for finding in told if finding["rule"] == "fhir_unreadable_text"] == [
        "DocumentReference.content[2].attachment.data",
        "DocumentReference.content[4].attachment.data",
    ]
