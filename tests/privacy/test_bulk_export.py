"""Nothing of a bulk export's patients stands in any table or note of the published file: neither names, streets,
telephone nor record numbers."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from outputs import command
from people import found_in, needles

SUBJECT = {"reference": "Patient/p1"}
PATIENT = {
    "resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1950-05-06",
    "name": [{"family": "Ngu77", "given": ["Marine542", "Ai120"]}, {"family": "Zorblatova", "given": ["Quillan"]}],
    "telecom": [{"system": "phone", "value": "555-810-7203"}], "address": [{"line": ["633 Grumbel Landing"]}],
    "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "S99940903"}],
    "contact": [{"name": {"family": "Vexhelm", "given": ["Elisa944"]}}],
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueString": "Hope12 Krel88"}
    ],
}  # fmt: skip
NOTE = """
# History of Present Illness
Marine542 Ai120
 is a 60 year-old, called Ai120 Ngu77 and MARINE NGU; daughter of Krel88 and of Hope12 Krel88, contact ELISA944 Vexhelm.
Phone 555-810-7203 2 times, record S99940903, of 633 Grumbel Landing. Mrs. Zorblatova (Quillan) has anemia.
"""


def _rows() -> dict[str, list[dict[str, Any]]]:
    data = base64.b64encode(NOTE.encode()).decode()
    base = {"status": "final", "subject": SUBJECT, "effectiveDateTime": "2020-03-01"}
    return {
        "DocumentReference.ndjson": [
            {
                "resourceType": "DocumentReference", "id": "d1", "status": "current", "subject": SUBJECT,
                "date": "2020-03-03T00:00:00Z",
                "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
            }
        ],
        "Observation.ndjson": [
            {
                **base, "resourceType": "Observation", "id": "o1", "valueString": "633 grumbel landing",
                "code": {"coding": [{"system": "http://loinc.org", "code": "56799-0"}]},
            }
        ],
        "Patient.ndjson": [PATIENT],
    }  # fmt: skip


def _published(deliveries: list[Path], work: Path) -> Path:
    store, published = work / "store.duckdb", work / "published.duckdb"
    command("project", "set", "P", "--time", "as_is", "--db", str(store))
    for path in deliveries:
        command("load", str(path), "--source", "fhir", "--project", "P", "--db", str(store))
    command("publish", "--db", str(store), "--to", str(published), "--limited-data-set")
    return published


@pytest.mark.parametrize("order", ["together", "patient first", "patient last"])
def test_a_published_file_names_nobody_in_whatever_order_it_came(order: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, rows in _rows().items():
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = needles(folder)
    assert {*told.values()} == {"name", "street", "phone", "number"}
    each = sorted(folder.iterdir())
    deliveries = {"together": [folder], "patient first": each[::-1], "patient last": each}[order]
    published = _published(deliveries, tmp_path)
    assert found_in(published, told) == set()
    with duckdb.connect(str(published), read_only=True) as con:
        ((note,),) = con.execute("SELECT note_text FROM omop.note").fetchall()
    assert "([name]) has anemia" in note


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["bulk_ndjson", "synthea_ndjson"])
def test_nothing_of_the_patients_of_a_bulk_export_is_published(name: str, shared: Path, tmp_path: Path) -> None:
    folder = shared / "fhir" / name
    told = needles(folder)
    assert len(told) > 100
    published = _published([folder], tmp_path)
    assert found_in(published, told) == set()
