"""References of every kind find their resource; those that do not are counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from fhir_export import bundle, patients, write_ndjson

from harmonize.intake.discover import discover
from harmonize.intake.fhir.reference import resolve_references
from harmonize.intake.fhir.stage import stage_fhir


def _resolve(paths: list[Path]) -> tuple[dict[str, tuple[int, int]], list[tuple[Any, ...]]]:
    """(counts, (id of the resource, target, kind, id of the target) in order)."""
    with duckdb.connect() as con:
        stage_fhir(con, discover(paths))
        counts = resolve_references(con)
        rows = con.execute(
            "SELECT r.id, f.target, f.kind, t.id FROM fhir_reference f JOIN fhir_resource r ON r.rowid = f.resource"
            " LEFT JOIN fhir_resource t ON t.rowid = f.target_resource ORDER BY ALL"
        ).fetchall()
    return counts, rows


def _referring(*targets: str, contained: list[str] | None = None) -> list[dict[str, Any]]:
    extra = {"contained": [{"resourceType": "Practitioner", "id": key} for key in contained]} if contained else {}
    return [
        {"resourceType": "Basic", "id": f"b{i}", **extra, "code": {"text": '"reference": "Patient/none"'},
         "subject": {"reference": target}}
        for i, target in enumerate(targets)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "kind", "found"),
    [
        ("Patient/p1", "relative", "p1"),
        ("Patient/p1/_history/4", "relative", "p1"),
        ("https://example.org/fhir/Patient/p1", "absolute", "p1"),
        ("https://example.org/fhir/Patient/p1/_history/2", "absolute", "p1"),
        ("urn:uuid:p1", "urn", "p1"),
        ("Patient?identifier=http://example.org/study|S-0001", "conditional", "p1"),
        ("Patient?identifier=S-0001", "conditional", "p1"),
        ("#c1", "contained", "b0"),
        ("#", "contained", "b0"),
        ("Patient/p9", "relative", None),
        ("Condition/p1", "relative", None),
        ("urn:uuid:00000000", "urn", None),
        ("urn:oid:1.2.3", "urn", None),
        ("#c2", "contained", None),
        ("Patient?identifier=http://example.org/other|S-0001", "conditional", None),
        ("Patient?identifier=|S-0001", "conditional", None),
        ("Encounter?identifier=S-0001", "conditional", None),
        ("somewhere", "other", None),
    ],
)
def test_kinds(tmp_path: Path, target: str, kind: str, found: str | None) -> None:
    people = [r for r in patients(2) if r["resourceType"] == "Patient"]
    counts, rows = _resolve([write_ndjson(tmp_path / "x.ndjson", [*people, *_referring(target, contained=["c1"])])])
    assert rows == [("b0", target, kind, found)]
    assert counts == {kind: (1, 0 if found else 1)}


def test_escaped_slashes_mean_slashes(tmp_path: Path) -> None:
    path = write_ndjson(tmp_path / "x.ndjson", [patients(1)[0], *_referring("Patient/p0")])
    path.write_text(path.read_text().replace("Patient/p0", "Patient\\/p0"))
    assert _resolve([path])[1] == [("b0", "Patient/p0", "relative", "p0")]


def test_an_address_means_the_entry_of_its_own_bundle(tmp_path: Path) -> None:
    """Two bundles that use the same address for different patients."""
    paths = []
    for name in ("one", "two"):
        people: list[dict[str, Any]] = [
            {"resourceType": "Patient", "id": name},
            {"resourceType": "Basic", "id": f"of-{name}"},
        ]
        people[1]["subject"] = {"reference": "urn:uuid:same"}
        entries = [{"fullUrl": "urn:uuid:same", "resource": people[0]}, {"resource": people[1]}]
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
        paths.append(path)
    assert [(row[0], row[3]) for row in _resolve(paths)[1]] == [("of-one", "one"), ("of-two", "two")]


def test_a_deleted_resource_is_no_target(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    entries = [{"request": {"method": "DELETE", "url": "Patient/p0"}}, {"resource": _referring("Patient/p0")[0]}]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}))
    assert _resolve([path])[0] == {"relative": (1, 1)}


def test_ndjson_and_bundle_resolve_alike(tmp_path: Path) -> None:
    resources = patients(5)
    lines = write_ndjson(tmp_path / "x.ndjson", resources)
    packed = tmp_path / "b.json"
    packed.write_text(json.dumps(bundle(resources)))
    one, two = _resolve([lines])[1], _resolve([packed])[1]
    assert [(r[0], r[3]) for r in one] == [(r[0], r[3]) for r in two]
    assert all(row[3] for row in one)
    assert len(one) == 5 * 14


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("folder", "counts"),
    [
        ("synthea_ndjson", {"urn": (47_507, 0)}),
        ("bulk_ndjson", {"conditional": (10_037, 0), "relative": (15_262, 0)}),
        ("synthea_bundles", {"contained": (744, 0), "urn": (12_113, 0)}),
    ],
)
def test_real_exports_hold_all_their_targets(shared: Path, folder: str, counts: dict[str, tuple[int, int]]) -> None:
    assert _resolve([shared / "fhir" / folder])[0] == counts


def test_only_a_text_is_a_reference(tmp_path: Path) -> None:
    told = [{"reference": 5}, {"reference": {"reference": "Patient/p1"}}, {"reference": ""}, {"reference": None}]
    odd = [{"resourceType": "Basic", "id": f"b{i}", "subject": subject} for i, subject in enumerate(told)]
    people = [r for r in patients(2) if r["resourceType"] == "Patient"]
    path = write_ndjson(tmp_path / "a.ndjson", [*people, *odd])
    counts, rows = _resolve([path])
    assert (counts, rows) == ({"relative": (1, 0)}, [("b1", "Patient/p1", "relative", "p1")])
