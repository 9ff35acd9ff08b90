"""FHIR deliveries of every form are staged resource by resource, with their true place."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from fhir_export import bundle, patient, patients, write_ndjson

from harmonize.engine.errors import InputError
from harmonize.intake.discover import discover
from harmonize.intake.fhir import bundle as fhir_bundle
from harmonize.intake.fhir.stage import FhirFile, drop_fhir, stage_fhir


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con


def _stage(con: duckdb.DuckDBPyConnection, *paths: Path) -> list[FhirFile]:
    return stage_fhir(con, discover(paths))


def _rows(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    return con.execute(f"SELECT {columns} FROM fhir_resource ORDER BY file_id, line, position, rowid").fetchall()


def _sent(con: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    return [json.loads(str(text)) for (text,) in _rows(con, "json")]


def test_ndjson_keeps_text_and_line(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    resources = patients(3)
    path = tmp_path / "mixed.ndjson"
    lines = [json.dumps(r) for r in resources]
    path.write_text("\n" + lines[0] + "\r\n\n" + "\n".join(lines[1:]), encoding="utf-8")
    (file,) = _stage(con, path)
    assert (file.form, file.records, file.findings) == ("ndjson", len(resources), ())
    assert _rows(con, "line, resource_type, id") == [
        (2 if i == 0 else i + 3, r["resourceType"], r["id"]) for i, r in enumerate(resources)
    ]
    assert [text for (text,) in _rows(con, "rtrim(json, chr(13))")] == lines


def test_a_broken_line_costs_that_line_only(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lines = [json.dumps(r).encode() for r in patients(1)]
    lines[2] = lines[2][:-5]
    lines[4] = b'{"no": "type"}'
    lines[5] = b"[1, 2]"
    path = tmp_path / "x.ndjson"
    path.write_bytes(b"\n".join(lines) + b"\n")
    _stage(con, path)
    bad = _rows(con, "line, problem")
    assert [row for row in bad if row[1]] == [(3, "broken_json"), (5, "no_resource_type"), (6, "no_resource_type")]
    assert len(bad) == len(lines)


@pytest.mark.parametrize("damage", [b"\x01", b"\x00", b"\r", b"\xe9"])
def test_bytes_that_no_reader_takes(con: duckdb.DuckDBPyConnection, tmp_path: Path, damage: bytes) -> None:
    """Control characters break their line, a lone carriage return is a blank, other encodings are told."""
    lines = [json.dumps(r).encode() for r in patients(1)]
    lines[3] = lines[3].replace(b'"display": "', b'"display": "' + damage, 1)
    if damage == b"\r":
        lines[3] = lines[3].replace(b"\r", b"").replace(b", ", b",\r", 1)
    path = tmp_path / "x.ndjson"
    path.write_bytes(b"\n".join(lines) + b"\n")
    (file,) = _stage(con, path)
    bad = [row for row in _rows(con, "line, problem") if row[1]]
    assert bad == ([(4, "broken_json")] if damage in (b"\x01", b"\x00") else [])
    assert [f.rule for f in file.findings] == (["encoding"] if damage == b"\xe9" else [])
    assert [row[0] for row in _rows(con, "line")] == list(range(1, len(lines) + 1))


def test_a_line_over_the_limit_is_told(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harmonize.intake.fhir.ndjson.MAX_LINE_BYTES", 3_000_000)
    long = {"resourceType": "Binary", "id": "b", "contentType": "x/y", "data": "AAAA" * 900_000}
    first, last = patient(1)[:2]
    _stage(con, write_ndjson(tmp_path / "x.ndjson", [first, long, last]))
    assert _rows(con, "line, id, problem") == [(1, "p1", None), (2, None, "long_line"), (3, "e1", None)]


def test_a_line_between_the_usual_and_the_limit_is_read(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    long = {"resourceType": "Binary", "id": "b", "contentType": "x/y", "data": "AAAA" * 900_000}
    _stage(con, write_ndjson(tmp_path / "x.ndjson", [*patient(1), long]))
    assert _sent(con) == [*patient(1), long]


@pytest.mark.parametrize("indent", [None, 2, 0])
@pytest.mark.parametrize("kind", ["collection", "transaction", "batch", "searchset"])
def test_a_bundle_is_its_wrapper_and_its_entries(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, indent: int | None, kind: str
) -> None:
    sent = bundle(patients(2), kind)
    path = tmp_path / "b.json"
    path.write_text(json.dumps(sent, indent=indent), encoding="utf-8")
    (file,) = _stage(con, path)
    assert file.records == 1 + len(sent["entry"])
    wrapper, *resources = _sent(con)
    assert wrapper == {"resourceType": "Bundle", "type": kind}
    assert resources == [entry["resource"] for entry in sent["entry"]]
    assert _rows(con, "line, position, full_url, method")[1:] == [
        (None, i, entry["fullUrl"], entry.get("request", {}).get("method"))
        for i, entry in enumerate(sent["entry"], start=1)
    ]


def test_bundles_as_lines(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    first, second = bundle(patient(1)), bundle(patient(2))
    _stage(con, write_ndjson(tmp_path / "b.ndjson", [first, patient(3)[0], second]))
    assert _rows(con, "line, position")[0] == (1, 0)
    by_line = con.execute("SELECT line, count(*), max(position) FROM fhir_resource GROUP BY 1 ORDER BY 1").fetchall()
    assert by_line == [(1, 10, 9), (2, 1, None), (3, 10, 9)]


def test_entries_without_a_resource(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    entries = [
        {"request": {"method": "DELETE", "url": "Patient/p7"}},
        {"request": {"method": "DELETE", "url": "https://example.org/fhir/Observation/o-1.2/_history/3"}},
        {"response": {"status": "201"}},
        {"resource": {"id": "untyped"}},
        {"resource": bundle(patient(1))},
    ]
    path = tmp_path / "b.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}), encoding="utf-8")
    _stage(con, path)
    assert _rows(con, "position, resource_type, id, method, json IS NULL, problem")[1:6] == [
        (1, "Patient", "p7", "DELETE", True, None),
        (2, "Observation", "o-1.2", "DELETE", True, None),
        (3, None, None, None, True, None),
        (4, None, "untyped", None, False, "no_resource_type"),
        (5, "Bundle", None, None, False, None),
    ]
    assert [kind for (kind,) in _rows(con, "resource_type")[6:]] == [one["resourceType"] for one in patient(1)]


@pytest.mark.parametrize("entry", [{"a": 1}, "x", 3])
def test_entries_that_are_no_list(con: duckdb.DuckDBPyConnection, tmp_path: Path, entry: object) -> None:
    path = tmp_path / "b.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entry}), encoding="utf-8")
    _stage(con, path)
    assert _rows(con, "position, problem") == [(0, "broken_entries")]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("tail", [{}, {"id": "last", "total": 4}])
def test_a_large_bundle_is_cut_between_entries(
    con: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    indent: int | None,
    tail: dict[str, object],
) -> None:
    """Text that looks like a cut inside of a resource, and one entry larger than a part, do not mislead."""
    monkeypatch.setattr(fhir_bundle, "PART_BYTES", 5_000)
    trap = {"resourceType": "Parameters", "id": "t", "parameter": [{"fullUrl": 1}, {"fullUrl": 2}, {"fullUrl": "}, {"}]}
    large = {"resourceType": "Binary", "id": "l", "contentType": "x/y", "data": "AAAA" * 6_000}
    entries = [{"fullUrl": f"urn:uuid:{i}", "resource": r} for i, r in enumerate([*patients(4), trap, large, trap])]
    sent = {"resourceType": "Bundle", "type": "collection", "entry": entries, **tail}
    path = tmp_path / "b.json"
    path.write_text(json.dumps(sent, indent=indent), encoding="utf-8")
    _stage(con, path)
    wrapper, *resources = _sent(con)
    assert wrapper == {key: value for key, value in sent.items() if key != "entry"}
    assert resources == [entry["resource"] for entry in entries]
    assert [row[0] for row in _rows(con, "position")] == list(range(len(entries) + 1))


@pytest.mark.parametrize("step", [-1, 0, 1])
@pytest.mark.parametrize("limit", ["PART_BYTES", "_BATCH_BYTES"])
def test_a_document_of_the_size_of_a_limit_is_read_once(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, step: int
) -> None:
    sent = bundle(patients(2))
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text(json.dumps(sent), encoding="utf-8")
    monkeypatch.setattr(fhir_bundle, limit, (tmp_path / "a.json").stat().st_size + step)
    _stage(con, tmp_path)
    counts = con.execute("SELECT file_id, count(*), count(DISTINCT position) FROM fhir_resource GROUP BY 1 ORDER BY 1")
    entries = len(sent["entry"])
    assert counts.fetchall() == [(1, 1 + entries, 1 + entries), (2, 1 + entries, 1 + entries)]


@pytest.mark.parametrize("cut", [0.4, 0.97])
def test_a_large_bundle_that_breaks_off(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: float
) -> None:
    monkeypatch.setattr(fhir_bundle, "PART_BYTES", 5_000)
    text = json.dumps(bundle(patients(4)))
    path = tmp_path / "b.json"
    path.write_text(text[: int(len(text) * cut)], encoding="utf-8")
    _stage(con, path)
    assert _rows(con, "line, position, problem") == [(None, None, "broken_json")]
    monkeypatch.setattr(fhir_bundle, "WHOLE_BYTES", 5_000)
    with pytest.raises(InputError, match="no sound Bundle"):
        _stage(con, path)


def test_many_documents_of_every_kind(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Single resources, a byte order mark, another encoding, a name with glob characters, other JSON."""
    first, second, third, fourth = patients(1)[:4]
    (tmp_path / "a.json").write_text(json.dumps(first, indent=2), encoding="utf-8-sig")
    (tmp_path / "b [1]*.json").write_text(json.dumps(second), encoding="utf-8")
    latin = json.dumps({**third, "language": "fr", "note": [{"text": "fièvre"}]}, ensure_ascii=False)
    (tmp_path / "c.json").write_text(latin, encoding="latin-1")
    (tmp_path / "d.json").write_text(json.dumps(fourth)[:-9], encoding="utf-8")
    (tmp_path / "e.json").write_text('{"name": "package"}', encoding="utf-8")
    (tmp_path / "f.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    files = _stage(con, tmp_path)
    assert [file.form for file in files] == ["document"] * 4 + [None, None]
    assert "no resourceType" in files[4].why
    assert [f.rule for f in files[2].findings] == ["encoding"]
    assert _rows(con, "file_id, id, problem") == [
        (1, first["id"], None),
        (2, second["id"], None),
        (3, third["id"], None),
        (4, None, "broken_json"),
    ]
    assert "fièvre" in str(_rows(con, "json")[2])


def test_gz_and_zip(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    resources = patients(2)
    plain = write_ndjson(tmp_path / "x.ndjson", resources)
    (tmp_path / "y.ndjson.gz").write_bytes(gzip.compress(plain.read_bytes()))
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.write(plain, "in/x.ndjson")
        archive.writestr("b.json", json.dumps(bundle(resources), indent=2))
    files = _stage(con, tmp_path)
    assert {file.source.name: file.records for file in files} == {
        "x.ndjson": len(resources),
        "y.ndjson.gz": len(resources),
        "z.zip!b.json": 1 + len(resources),
        "z.zip!in/x.ndjson": len(resources),
    }


def test_each_of_two_manifests_gives_the_roles_of_its_own_files(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_ndjson(tmp_path / name / f"gone.{name}.ndjson", [bundle(patient(3))])
        deleted = [{"type": "Bundle", "url": f"https://example.org/export/gone.{name}.ndjson"}]
        manifest = {"transactionTime": "2024-01-01T00:00:00Z", "request": "x", "output": [], "deleted": deleted}
        (tmp_path / name / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    files = [file for file in _stage(con, tmp_path) if file.form != "manifest"]
    assert [(file.source.name.rpartition("/")[2], file.role) for file in files] == [
        ("gone.a.ndjson", "deleted"), ("gone.b.ndjson", "deleted"),
    ]  # fmt: skip


def test_the_manifest_gives_roles_and_misses_files(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write_ndjson(tmp_path / "Patient.000.ndjson", [patient(1)[0], patient(2)[0]])
    write_ndjson(tmp_path / "gone.ndjson", [bundle(patient(3))])
    issue = {"severity": "error", "code": "processing"}
    write_ndjson(tmp_path / "err.ndjson", [{"resourceType": "OperationOutcome", "issue": [issue]}])
    base = "https://example.org/export/"
    manifest = {
        "transactionTime": "2024-01-01T00:00:00Z",
        "request": "https://example.org/$export",
        "output": [
            {"type": "Patient", "url": base + "Patient.000.ndjson", "count": 3},
            {"type": "Device", "url": base + "Device.000.ndjson?sig=1"},
        ],
        "deleted": [{"type": "Bundle", "url": base + "gone.ndjson"}],
        "error": [{"type": "OperationOutcome", "url": base + "err.ndjson", "count": 1}],
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    files = {file.source.name: file for file in _stage(con, tmp_path)}
    assert {name: file.role for name, file in files.items() if file.form != "manifest"} == {
        "Patient.000.ndjson": "output",
        "gone.ndjson": "deleted",
        "err.ndjson": "error",
    }
    assert [(f.rule, f.value) for f in files["manifest.json"].findings] == [
        ("manifest_count", "Patient.000.ndjson: 3, found 2"),
        ("manifest_missing_file", "Device.000.ndjson"),
    ]


@pytest.mark.parametrize(
    ("version", "resource"),
    [
        ("R5", {"resourceType": "Encounter", "status": "completed", "actualPeriod": {"start": "2024"}}),
        ("STU3", {"resourceType": "Condition", "context": {"reference": "Encounter/1"}, "assertedDate": "2018"}),
    ],
)
def test_resources_of_other_versions_are_marked(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, version: str, resource: dict[str, object]
) -> None:
    path = write_ndjson(tmp_path / "x.ndjson", [*patients(2), *({**resource, "id": str(i)} for i in range(9))])
    _stage(con, path)
    assert con.execute("SELECT count(*) FROM fhir_resource WHERE problem IS NULL").fetchone() == (18,)
    told = con.execute(
        "SELECT r.id, r.problem, f.said FROM fhir_foreign_resource f JOIN fhir_resource r ON r.rowid = f.resource"
    ).fetchall()
    said = f"{version} ({', '.join(sorted(resource.keys() - {'resourceType', 'status'}))})"
    assert sorted(told) == [(str(i), "fhir_version", said) for i in range(9)]


def test_a_delivery_of_another_version_alone_is_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    foreign = {"resourceType": "Encounter", "id": "e1", "status": "completed", "actualPeriod": {"start": "2024"}}
    with pytest.raises(InputError, match=r"x\.ndjson: its Encounter resources are FHIR R5 \(actualPeriod\)"):
        _stage(con, write_ndjson(tmp_path / "x.ndjson", [foreign]))


def test_one_resource_with_an_element_of_another_version_is_not_another_version(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    odd = {**patient(1)[1], "actualPeriod": {"start": "2024"}}
    _stage(con, write_ndjson(tmp_path / "x.ndjson", [*patients(3), odd]))
    assert con.execute("SELECT count(*), count(problem) FROM fhir_resource").fetchone() == (28, 0)


def test_one_resource_with_two_elements_of_another_version_is(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    odd = {**patient(1)[1], "id": "odd", "actualPeriod": {"start": "2024"}, "admission": {}}
    _stage(con, write_ndjson(tmp_path / "x.ndjson", [*patients(3), odd]))
    assert con.execute("SELECT id, problem FROM fhir_resource WHERE problem IS NOT NULL").fetchall() == [
        ("odd", "fhir_version")
    ]


def test_what_stands_within_resources_is_numbered_on(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Two Bundles and a Parameters in a Bundle: their entries come after the last one of the outermost, in order."""
    one, two, three, four = patients(4)[::9]
    held = {"resourceType": "Parameters", "parameter": [{"name": "a", "part": [{"name": "b", "resource": three}]}]}

    def around(*resources: object) -> dict[str, object]:
        return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}

    (tmp_path / "b.json").write_text(json.dumps(around(around(one), around(two, held), four)))
    _stage(con, tmp_path / "b.json")
    rows = con.execute("SELECT position, resource_type, id FROM fhir_resource ORDER BY position").fetchall()
    kinds = ["Bundle", "Bundle", "Bundle", "Patient", "Patient", "Patient", "Parameters", "Patient"]
    ids = [None, None, None, four["id"], one["id"], two["id"], None, three["id"]]
    assert rows == list(zip(range(8), kinds, ids, strict=True))
    kept = con.execute("SELECT json FROM fhir_resource WHERE resource_type IN ('Bundle', 'Parameters')").fetchall()
    assert ["entry" in text or '"parameter"' in text for (text,) in kept] == [False] * 4


def test_staging_again_begins_anew_and_drop_leaves_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = write_ndjson(tmp_path / "x.ndjson", patients(1))
    _stage(con, path)
    _stage(con, path)
    assert len(_rows(con, "1")) == 9
    drop_fhir(con)
    assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("folder", "records"), [("synthea_ndjson", 19_515), ("bulk_ndjson", 7_160), ("synthea_bundles", 4_130)]
)
def test_real_exports_are_read_whole(con: duckdb.DuckDBPyConnection, shared: Path, folder: str, records: int) -> None:
    files = _stage(con, shared / "fhir" / folder)
    assert sum(file.records for file in files) == records
    assert all(file.form and not file.findings for file in files)
    assert con.execute("SELECT count(*) FROM fhir_resource WHERE problem IS NOT NULL").fetchone() == (0,)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"id": "b", "type": "collection", "total": 1, "link": [{"relation": "self", "url": "https://example.org"}]},
        {"meta": None},
        {"odd": {"entry": 1}},
        {"id": 5},
    ],
)
def test_a_wrapper_keeps_all_but_the_entries(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, more: dict[str, object]
) -> None:
    entry = {"entry": [{"resource": {"resourceType": "Patient", "id": "p"}}]}
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps({"resourceType": "Bundle", **more, **entry}, indent=1), encoding="utf-8")
    _stage(con, path)
    assert _sent(con)[0] == {"resourceType": "Bundle", **more}
    assert _rows(con, "id")[0] == (str(more["id"]) if "id" in more else None,)
