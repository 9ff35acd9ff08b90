"""What analysts and stewards are answered: downloads, pictures, studies, a patient's course, lineage."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from served import PROJECT, client, folder_with_study, served
from starlette.testclient import TestClient

from harmonize.service.asking import Grid, guarded
from harmonize.service.plot import MOST_BARS, plot_of

STUDIES = "SELECT modality, count(*) AS studies FROM linked.imaging_timeline GROUP BY ALL ORDER BY ALL"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with served(folder_with_study(tmp_path_factory, "asking")) as running:
        yield running


@pytest.fixture(scope="module")
def steward(app: Any) -> TestClient:
    return client(app, "steward")


def test_all_formats_hold_the_same_rows(steward: TestClient) -> None:
    body = {"sql": STUDIES}
    shown = steward.post("/api/v1/query", json=body).json()
    assert (shown["columns"], shown["truncated"]) == (["modality", "studies"], False)
    assert [row["modality"] for row in shown["rows"]] == ["CR", "CT", "DX", "MR"]
    told = {
        format: steward.post(f"/api/v1/query/{format}", json=body) for format in ("csv", "json", "arrow", "parquet")
    }
    assert told["json"].json() == shown["rows"]
    assert pa.ipc.open_stream(told["arrow"].content).read_all().to_pylist() == shown["rows"]
    assert parquet.read_table(BytesIO(told["parquet"].content)).to_pylist() == shown["rows"]
    rows = csv.DictReader(StringIO(told["csv"].text))
    assert [{**row, "studies": int(row["studies"])} for row in rows] == shown["rows"]


def test_a_question_has_its_columns_and_notes_where_it_has_no_row(steward: TestClient) -> None:
    asked = {"question": "covid-positives", "parameters": {"project": "NONE"}}
    told = steward.post("/api/v1/query", json=asked).json()
    assert told["rows"] == []
    assert "project" in " ".join(told["columns"])
    assert told["notes"][0].startswith("No row: ")
    misspelt = {"porject": 1}  # codespell:ignore porject
    wrong = steward.post("/api/v1/query", json={"question": "sites", "parameters": misspelt})
    assert wrong.json()["hint"] == "Did you mean 'project'?"
    both = steward.post("/api/v1/query", json={"question": "sites", "sql": "SELECT 1"})
    assert both.json()["detail"] == "Give either sql or question."


def test_the_page_says_the_same_in_python(steward: TestClient) -> None:
    page = steward.get("/ask/question/ct-near-positive-test?days=5&ask=1").text
    assert "db.ask(&#39;ct-near-positive-test&#39;, days=5)" in page
    assert 'href="/ask/question/ct-near-positive-test/download/csv?days=5&amp;ask=1"' in page
    assert "Wrong SQL" in steward.get("/ask/sql?q=SELECT+nothing").text


def test_a_patient_is_followed_to_file_and_line(steward: TestClient) -> None:
    (study, *_) = steward.get("/api/v1/studies", params={"modality": "CT", "project": PROJECT}).json()["rows"]
    assert study["modality"] == "CT"
    course = steward.get(f"/api/v1/patients/{study['person_id']}").json()["rows"]
    days = [row["day"] for row in course]
    assert days == sorted(days)
    assert {"imaging", "measurement"} <= {row["kind"] for row in course}
    value = next(row for row in course if row["kind"] == "measurement")
    (record, *_) = steward.get(f"/api/v1/lineage/measurement/{value['omop_id']}").json()
    assert (record["file"], record["project_id"]) == ("clinical.csv", PROJECT)
    assert 2 <= record["line"] <= 203
    page = steward.get(f"/lineage?of=measurement&row={value['omop_id']}").text
    assert "clinical.csv" in page
    assert steward.get("/api/v1/lineage/measurement/17").status_code == 422
    assert steward.get("/lineage?of=measurement&row=seventeen").status_code == 422
    assert steward.get("/api/v1/patients/17").status_code == 404


def test_what_is_not_published_yet_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory.mktemp("nothing") / "data") as app:
        told = client(app, "steward").post("/api/v1/query", json={"sql": "SELECT 1"})
        assert (told.status_code, told.json()["type"]) == (503, "urn:midrc-harmonize:problem:empty")
        assert client(app, "steward").get("/api/v1/lineage/person/1").status_code == 503
        assert client(app, "steward").get("/studies").status_code == 503


def grid(*rows: dict[str, Any]) -> Grid:
    return Grid(list(rows[0]), list(rows), False, [], 0.0)


def test_counts_have_a_picture_and_nothing_else_has() -> None:
    drawn = plot_of(grid({"sex": "F", "persons": 10}, {"sex": "M", "persons": 5}))
    assert drawn is not None
    assert [(bar.label, bar.value, bar.width) for bar in drawn.bars] == [("F", 10, 620.0), ("M", 5, 310.0)]
    assert plot_of(grid({"sex": "F", "persons": 10})) is None
    assert plot_of(grid({"sex": "F", "person_id": 1}, {"sex": "M", "person_id": 2})) is None
    assert plot_of(grid({"a": 1, "persons": 1}, {"a": 2, "persons": 2})) is None
    assert plot_of(grid({"a": "x", "persons": 0}, {"a": "y", "persons": 0})) is None
    many = plot_of(grid(*({"a": f"{place:03}", "studies": place} for place in range(MOST_BARS + 2))))
    assert many is not None
    assert (len(many.bars), many.more) == (MOST_BARS, 2)


def test_csv_is_guarded_across_pieces() -> None:
    whole = b'a,b\n"=1\n2",-1.5e3\n' + b"x,=y\n" * 600
    pieces = [whole[start : start + 7] for start in range(0, len(whole), 7)]
    rows = list(csv.reader(StringIO(b"".join(guarded(pieces)).decode())))
    assert rows[1] == ["'=1\n2", "-1.5e3"]
    assert rows[2:] == [["x", "'=y"]] * 600
