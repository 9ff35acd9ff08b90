"""Submissions from the first byte to the store: pieces, sums, limits, reports, comparison, load, kills."""

from __future__ import annotations

import csv
import shutil
import zipfile
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from served import (
    ADDRESS,
    MAPPING,
    PROJECT,
    client,
    clinical,
    csrf,
    ended,
    finished,
    patch,
    send,
    served,
    study,
    with_accounts,
)
from starlette.testclient import TestClient

from harmonize.service.app import create_app
from harmonize.service.models import Job
from harmonize.service.settings import read_settings
from harmonize.service.work import REPORTS


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("submissions") / "data"


@pytest.fixture(scope="module")
def app(data: Path) -> Iterator[Any]:
    with served(data, max_file_bytes=1_000_000, max_submission_bytes=1_500_000, max_files=4) as running:
        yield running


@pytest.fixture(scope="module")
def sender(app: Any) -> TestClient:
    return client(app, "contributor")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return clinical(tmp_path_factory)


@pytest.fixture(scope="module")
def first_try(sender: TestClient, table: bytes) -> str:
    """The table with one more wrong cell, checked."""
    rows = list(csv.reader(StringIO(table.decode())))
    rows[1][rows[0].index("length_of_stay")] = "<script>alert(1)</script>"
    out = StringIO()
    csv.writer(out).writerows(rows)
    sent = send(sender, {"clinical.csv": out.getvalue().encode()})
    assert ended(sender, sent)["state"] == "done"
    return sent


def begun(sender: TestClient, **more: Any) -> str:
    """The address of a submission without files."""
    answer = sender.post("/api/v1/submissions", json={"project": PROJECT, "source": "ehr", "mapping": MAPPING, **more})
    assert answer.status_code == 201
    return str(answer.headers["location"])


def test_an_upload_goes_on_where_it_ended(sender: TestClient) -> None:
    home = begun(sender)
    place = sender.post(f"{home}/files", json={"name": "a.csv", "size": 10}).headers["location"]
    assert patch(sender, place, b"01234", 0).headers["upload-offset"] == "5"
    assert sender.head(place).headers["upload-offset"] == "5"
    again = patch(sender, place, b"01234", 0)
    assert (again.status_code, again.headers["upload-offset"]) == (409, "5")
    assert sender.post(f"{home}/accept").json()["type"] == "urn:midrc-harmonize:problem:incomplete"
    assert patch(sender, place, b"567890", 5).status_code == 413
    assert patch(sender, place, b"56789", 5).headers["upload-offset"] == "10"
    assert sender.get(home).json()["files"][0]["offset"] == 10


def test_another_sum_than_announced_is_not_accepted(sender: TestClient) -> None:
    home = begun(sender)
    told = {"name": "a.csv", "size": 3, "sha256": "0" * 64}
    place = sender.post(f"{home}/files", json=told).headers["location"]
    patch(sender, place, b"abc", 0)
    refused = sender.post(f"{home}/accept")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:midrc-harmonize:problem:checksum")
    assert sender.delete(place).status_code == 204
    assert sender.get(home).json()["files"] == []


def test_names_and_sizes_have_bounds(sender: TestClient) -> None:
    """In this order: what is announced counts."""
    wanted = [
        ("../a.csv", 1, 422),
        ("a/b.csv", 1, 422),
        ("a\\b.csv", 1, 422),
        ("..", 1, 422),
        (".hidden", 1, 422),
        ("a\0b", 1, 422),
        (" a.csv", 1, 422),
        ("a.csv", 1_000_001, 413),
        ("a.csv", 1_000_000, 201),
        ("A.CSV", 1, 422),
        ("b.csv", 500_001, 413),
        ("b.csv", 500_000, 201),
        ("c.csv", 0, 201),
        ("d.csv", 0, 201),
        ("e.csv", 0, 413),
    ]
    home = begun(sender)
    told = [
        (name, size, sender.post(f"{home}/files", json={"name": name, "size": size}).status_code)
        for name, size, _ in wanted
    ]
    assert told == wanted


@pytest.mark.parametrize(
    "given",
    [
        {"project": "OTHER"},
        {"source": "/etc"},
        {"mapping": "/etc"},
        {"mapping": "../../etc"},
        {"mapping": None},
        {"source": "fhir", "mapping": "covid_19_ny_sbu"},
    ],
)
def test_what_cannot_be_read_is_not_begun(sender: TestClient, given: dict[str, Any]) -> None:
    body = {"project": PROJECT, "source": "ehr", "mapping": MAPPING, **given}
    assert sender.post("/api/v1/submissions", json=body).status_code == 422


def test_a_wrong_cell_is_shown_beside_its_line(sender: TestClient, first_try: str) -> None:
    told = sender.get(f"/api/v1/submissions/{first_try}").json()
    assert (told["state"], told["summary"]["records"]) == ("checked", 30)
    assert told["summary"]["errors"] >= 1
    page = sender.get(f"/submissions/{first_try}").text
    assert "<code>length_<wbr>of_<wbr>stay</code>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("format", REPORTS)
def test_the_report_is_there_in_every_format(sender: TestClient, first_try: str, format: str) -> None:
    answer = sender.get(f"/api/v1/submissions/{first_try}/report/{format}")
    assert answer.status_code == 200
    assert "length_of_stay" in answer.text
    if format == "html":
        assert "sandbox" in answer.headers["content-security-policy"]


def test_a_corrected_try_is_compared_and_loaded(
    app: Any, sender: TestClient, first_try: str, table: bytes, data: Path
) -> None:
    second = send(sender, {"clinical.csv": table}, piece=7000)
    assert ended(sender, second)["state"] == "done"
    changes = sender.get(f"/api/v1/submissions/{second}/comparison").json()
    assert [change["change"] for change in changes] == [-1]
    assert "Since the try before" in sender.get(f"/submissions/{second}").text
    assert sender.post(f"/api/v1/submissions/{second}/load").status_code == 403
    steward = client(app, "steward")
    assert steward.post(f"/api/v1/submissions/{second}/load").json()["type"] == "urn:midrc-harmonize:problem:refused"
    settings = {"time": "offset", "source_anchor": "1901-01-01"}
    assert sender.put(f"/api/v1/projects/{PROJECT}", json=settings).status_code == 403
    queued = steward.put(f"/api/v1/projects/{PROJECT}", json=settings).json()
    assert finished(steward, queued["id"])["state"] == "done"
    assert sender.post(f"/api/v1/submissions/{second}/check").status_code == 202
    assert ended(sender, second)["result"]["exit_code"] == 1
    assert steward.post(f"/api/v1/submissions/{second}/load").status_code == 202
    assert steward.post(f"/api/v1/submissions/{second}/load").status_code == 409
    job = ended(steward, second)
    assert (job["state"], job["result"]["records"]) == ("done", 30)
    assert job["result"]["notes"][-1].startswith("Published ")
    assert sender.get(f"/api/v1/submissions/{second}").json()["state"] == "loaded"
    asked = {"sql": "SELECT count(*) AS persons FROM omop.person"}
    (row,) = client(app, "analyst").post("/api/v1/query", json=asked).json()["rows"]
    assert 25 <= row["persons"] <= 30
    assert "Published" in steward.get(f"/submissions/{second}").text
    assert (data / "reading.duckdb").is_file()


def test_a_form_without_scripts_does_the_same(sender: TestClient, table: bytes) -> None:
    fields = {"csrf": csrf(sender.get("/submit")), "project": PROJECT, "source": "ehr", "mapping": MAPPING}
    assert sender.post("/submit", data=fields).status_code == 422
    answer = sender.post("/submit", data=fields, files=[("files", ("clinical.csv", table))])
    assert answer.status_code == 303
    sent = answer.headers["location"].rpartition("/")[2]
    assert ended(sender, sent)["result"]["records"] == 30
    outside = sender.post("/submit", data=fields, files=[("files", ("../../x.csv", b"a"))])
    assert outside.status_code == 422


def test_members_of_an_archive_stay_within(sender: TestClient, table: bytes, data: Path) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../../../escaped.csv", table)
    sent = send(sender, {"packed.zip": packed.getvalue()})
    job = ended(sender, sent)
    assert job["state"] in ("done", "failed")
    assert list(data.parent.rglob("escaped.csv")) == []
    assert str(data) not in (job["error"] or "") + (job["hint"] or "")


def test_others_see_none_of_it(app: Any, first_try: str) -> None:
    stranger = client(app, "stranger")
    home = f"/api/v1/submissions/{first_try}"
    job = client(app, "contributor").get(home).json()["jobs"][0]["id"]
    file = client(app, "contributor").get(home).json()["files"][0]["id"]
    asked = [home, f"{home}/report/csv", f"{home}/comparison", f"/api/v1/jobs/{job}", f"/api/v1/jobs/{job}/events"]
    asked.append(f"/submissions/{first_try}")
    assert {path: stranger.get(path).status_code for path in asked} == dict.fromkeys(asked, 404)
    done = [f"{home}/accept", f"{home}/load", f"/api/v1/jobs/{job}/cancel", f"/api/v1/jobs/{job}/retry"]
    assert {path: stranger.post(path).status_code for path in done} == dict.fromkeys(done, 404)
    assert patch(stranger, f"{home}/files/{file}", b"x", 0).status_code == 404
    assert stranger.delete(f"{home}/files/{file}").status_code == 404
    assert stranger.post(f"{home}/files", json={"name": "x.csv", "size": 1}).status_code == 404
    assert stranger.get("/api/v1/submissions").json() == []


def test_a_cancelled_job_leaves_nothing_and_can_be_tried_again(tmp_path: Path, table: bytes) -> None:
    with served(tmp_path / "data", jobs_at_once=1) as app:
        sender = client(app, "contributor")
        first = send(sender, {"clinical.csv": table})
        job = sender.get(f"/api/v1/submissions/{first}").json()["jobs"][0]["id"]
        assert sender.post(f"/api/v1/jobs/{job}/cancel").status_code == 202
        assert ended(sender, first)["state"] == "cancelled"
        assert sender.get(f"/api/v1/submissions/{first}").json()["state"] == "failed"
        assert sender.post(f"/api/v1/jobs/{job}/cancel").status_code == 409
        assert "was cancelled" in sender.get(f"/submissions/{first}").text
        assert sender.post(f"/api/v1/jobs/{job}/retry").status_code == 202
        assert ended(sender, first)["state"] == "done"
        assert sender.post(f"/api/v1/jobs/{job}/retry").status_code == 409


def test_what_ran_when_the_service_ended_runs_again(tmp_path: Path, table: bytes) -> None:
    """As after a kill: the tables say that it runs, and no process does."""
    data = tmp_path / "data"
    first = sent_to_one_that_ends(data, table, "running", 1)
    again = create_app(read_settings(data))
    with TestClient(again, base_url=ADDRESS):
        found = ended(client(again, "contributor"), first)
        assert (found["state"], found["attempts"]) == ("done", 2)
        with again.state.service.db.session() as session:
            job = session.query(Job).one()
            job.state, job.attempts = "running", 3
    third = create_app(read_settings(data))
    with TestClient(third, base_url=ADDRESS):
        found = ended(client(third, "contributor"), first)
        assert (found["state"], found["error"]) == ("failed", "The service ended while the job ran.")


def sent_to_one_that_ends(data: Path, content: bytes, state: str, attempts: int, kind: str = "validate") -> str:
    """Send a file to a service whose jobs do not begin; the job is left in this state."""
    data.mkdir(parents=True, exist_ok=True)
    app = with_accounts(read_settings(data))
    sent = send(client(app, "contributor"), {"clinical.csv": content})
    with app.state.service.db.session() as session:
        job = session.query(Job).one()
        job.state, job.attempts, job.kind = state, attempts, kind
    return sent


def test_a_load_that_was_committed_before_a_kill_is_not_loaded_twice(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    whole = (study(tmp_path_factory).parent / "sent" / "clinical.csv").read_bytes()
    data = Path(shutil.copytree(study(tmp_path_factory), tmp_path / "data"))
    first = sent_to_one_that_ends(data, whole, "running", 1, "load")
    again = create_app(read_settings(data))
    with TestClient(again, base_url=ADDRESS):
        found = ended(client(again, "contributor"), first)
        assert found["result"]["lines"] == ["Submission 1 was loaded before the service ended."]
