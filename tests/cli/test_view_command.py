"""`harmonize mapping view run`: views on whole deliveries, formats, wrong views."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet
import pytest

from harmonize.cli.main import main

PEOPLE = [
    {"resourceType": "Patient", "id": "p1", "active": True, "name": [{"family": 'Ô, "x"', "given": ["a", "b"]}]},
    {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"text": "t"},
        "valueQuantity": {"value": 1.5},
    },
    {"resourceType": "Patient", "id": "p2", "name": [{"family": "C"}, {"family": "D"}]},
]
COLUMNS = [
    {"name": "key", "path": "getResourceKey()"},
    {"name": "active", "path": "active"},
    {"name": "family", "path": "name.first().family"},
    {"name": "given", "path": "name.given", "collection": True},
]


def lines(folder: Path, resources: list[Any] = PEOPLE, name: str = "export.ndjson") -> Path:
    file = folder / name
    file.write_bytes(b"".join(orjson.dumps(resource) + b"\n" for resource in resources))
    return file


def view_file(folder: Path, view: Any) -> Path:
    file = folder / "view.json"
    file.write_bytes(orjson.dumps(view))
    return file


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return view_file(
        tmp_path, {"resourceType": "ViewDefinition", "resource": "Patient", "select": [{"column": COLUMNS}]}
    )


def run(*arguments: Path | str) -> int:
    return main(["mapping", "view", "run", *map(str, arguments)])


def test_json_is_one_array_in_the_order_of_the_view(
    tmp_path: Path, people: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(people, lines(tmp_path), "--format", "json") == 0
    shown = capfd.readouterr()
    found = orjson.loads(shown.out)
    assert found == [
        {"key": "Patient/p1", "active": True, "family": 'Ô, "x"', "given": ["a", "b"]},
        {"key": "Patient/p2", "active": None, "family": "C", "given": []},
    ]
    assert list(found[0]) == ["key", "active", "family", "given"]
    assert "2 rows of 2 resources" in shown.err


def test_json_of_no_rows_is_an_empty_array(tmp_path: Path, people: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(people, lines(tmp_path, PEOPLE[1:2]), "--format", "json") == 0
    assert orjson.loads(capfd.readouterr().out) == []


def test_csv(tmp_path: Path, people: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(people, lines(tmp_path)) == 0
    assert list(csv.reader(io.StringIO(capfd.readouterr().out))) == [
        ["key", "active", "family", "given"],
        ["Patient/p1", "true", 'Ô, "x"', '["a","b"]'],
        ["Patient/p2", "", "C", "[]"],
    ]


def test_parquet_needs_a_file(tmp_path: Path, people: Path, capfd: pytest.CaptureFixture[str]) -> None:
    export, target = lines(tmp_path), tmp_path / "rows.parquet"
    assert run(people, export, "--format", "parquet") == 2
    assert "-o FILE" in capfd.readouterr().err
    assert run(people, export, "--format", "parquet", "-o", target) == 0
    table = pyarrow.parquet.read_table(target)
    assert table.column("given").to_pylist() == [["a", "b"], []]
    assert table.column("active").to_pylist() == [True, None]


def test_bundles_in_a_zip_with_references_by_uuid(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    subject = {"reference": "urn:uuid:7c0c2a9e-53a1-4f0e-9d07-1f1f5f6c0001"}
    observation = {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "code": {"text": "t"},
        "subject": subject,
    }
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": subject["reference"], "resource": PEOPLE[0], "request": {"method": "PUT", "url": "Patient/p1"}},
            {"resource": observation, "request": {"method": "POST", "url": "Observation"}},
        ],
    }
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("bundle.json", orjson.dumps(bundle, option=orjson.OPT_INDENT_2))
    columns = [{"name": "patient", "path": "subject.getReferenceKey(Patient)"}]
    view = view_file(tmp_path, {"resource": "Observation", "select": [{"column": columns}]})
    assert run(view, archive, "--format", "json") == 0
    assert orjson.loads(capfd.readouterr().out) == [{"patient": "Patient/p1"}]


def test_a_broken_line_is_left_out_and_told(tmp_path: Path, people: Path, capfd: pytest.CaptureFixture[str]) -> None:
    export = lines(tmp_path)
    export.write_bytes(export.read_bytes() + b'{"resourceType": "Patient", \n')
    assert run(people, export) == 0
    shown = capfd.readouterr()
    assert len(shown.out.splitlines()) == 3
    assert "1 records are no resources" in shown.err


def test_a_wrong_view_is_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    view = view_file(tmp_path, {"resource": "Patient", "select": [{"column": [{"name": "b", "path": "birthdate"}]}]})
    assert run(view, lines(tmp_path)) == 2
    message, hint = capfd.readouterr().err.splitlines()
    assert message == f"{view}: column b: Patient has no element 'birthdate'."
    assert hint == "hint: Did you mean 'birthDate'?"


def test_several_values_name_the_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    view = view_file(tmp_path, {"resource": "Patient", "select": [{"column": [{"name": "f", "path": "name.family"}]}]})
    target = tmp_path / "rows.csv"
    assert run(view, lines(tmp_path), "-o", target) == 2
    assert "column f: name.family gives several values in export.ndjson line 3." in capfd.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"{", "is not JSON"), (b"[]", "no ViewDefinition"), (None, "no file and no shipped view")],
)
def test_a_file_that_is_no_view(
    tmp_path: Path, content: bytes | None, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    view = tmp_path / "view.json"
    if content is not None:
        view.write_bytes(content)
    assert run(view, lines(tmp_path)) == 2
    assert message in capfd.readouterr().err


def test_files_without_fhir(tmp_path: Path, people: Path, capfd: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a,b\n1,2\n")
    assert run(people, table) == 2
    assert "no FHIR" in capfd.readouterr().err


def test_shipped_views_run_by_name(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["mapping", "view", "list", "--json"]) == 0
    listed = {row["view"]: row for row in orjson.loads(capfd.readouterr().out)}
    assert listed["observation_component"]["resource"] == "Observation"
    assert run("observation", lines(tmp_path), "--format", "json") == 0
    (row,) = orjson.loads(capfd.readouterr().out)
    assert (row["id"], row["value_number"]) == ("o1", 1.5)
    assert len(row) == listed["observation"]["columns"]
    assert run("observations", lines(tmp_path)) == 2
    assert "Did you mean 'observation'?" in capfd.readouterr().err


def test_a_wrong_regular_expression(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    columns = [{"name": "m", "path": "id.matches('[')"}]
    assert run(view_file(tmp_path, {"resource": "Patient", "select": [{"column": columns}]}), lines(tmp_path)) == 2
    assert "missing ]" in capfd.readouterr().err


def test_what_no_view_reads(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    export = lines(
        tmp_path,
        [
            {"resourceType": "Patient", "id": "p", "gender": "male", "photo": [{"title": "t"}], "o'dd": 1},
            {"resourceType": "Patient", "id": "q", "address": [{"city": "c", "state": "s"}, {"state": "t"}]},
            {"resourceType": "Patient", "id": "r", "address": [{"state": "s"}]},
            {"resourceType": "Basic", "id": "b", "code": {"text": "t"}},
        ],
    )
    assert main(["mapping", "view", "unread", str(export), "--json"]) == 0
    found = {(row["resource"], row["path"]): row["resources"] for row in orjson.loads(capfd.readouterr().out)}
    assert found == {
        ("Basic", None): 1,
        ("Patient", "photo"): 1,
        ("Patient", "o'dd"): None,
        ("Patient", "address.city"): 1,
    }
    assert main(["mapping", "view", "unread", str(lines(tmp_path, PEOPLE[1:2]))]) == 0
    assert "Every element is read." in capfd.readouterr().err


def test_what_no_view_reads_of_elements_of_another_shape(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A list where FHIR has one object, and one object where it has a list: what is in them is not compared."""
    observation = {"resourceType": "Observation", "id": "o", "subject": [{"reference": "Patient/p", "odd": 1}]}
    export = lines(tmp_path, [observation, {"resourceType": "Patient", "id": "p", "address": {"city": "c"}}])
    assert main(["mapping", "view", "unread", str(export), "--json"]) == 0
    assert orjson.loads(capfd.readouterr().out) == []
