"""Steps of a submission's life, releases for download, notices, and the quality of what is published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from served import PROJECT, client, csrf, finished, folder_with_study, release_in, served

from harmonize.audit.rules import default_rules, save_rules
from harmonize.engine.errors import RefusedError
from harmonize.engine.progress import Meter
from harmonize.pipeline.stores import open_current
from harmonize.service.database import Database
from harmonize.service.datasets import read_release
from harmonize.service.job_process import queue_quality
from harmonize.service.models import Job
from harmonize.service.putting_out import put_out
from harmonize.service.quality import measure
from harmonize.service.settings import read_settings

FILES = "/api/v1/datasets/Open-R1-1.0/files"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = folder_with_study(tmp_path_factory, "releases")
    release_in(made)
    return made


@pytest.fixture(scope="module")
def app(data: Path) -> Iterator[Any]:
    with served(data) as running:
        yield running


@pytest.fixture(scope="module")
def steward(app: Any) -> Any:
    return client(app, "steward")


@pytest.fixture(scope="module")
def analyst(app: Any) -> Any:
    return client(app, "analyst")


def step(browser: Any, submission: int, **body: Any) -> dict[str, Any]:
    asked = browser.post(f"/api/v1/lives/{submission}/steps", json={"why": "in a test", **body})
    assert asked.status_code == 202, asked.text
    return finished(browser, asked.json()["id"])


def test_a_steward_holds_back_and_two_release(app: Any, data: Path, steward: Any, analyst: Any) -> None:
    count = {"sql": "SELECT count(*) AS n FROM linked.imaging_timeline"}
    before = analyst.post("/api/v1/query", json=count).json()["rows"][0]["n"]
    assert before > 0
    done = step(steward, 2, step="embargoed", until="2026-01-01")
    assert (done["state"], done["error"]) == ("done", None)
    life = steward.get("/api/v1/lives/2").json()
    assert (life["state"], life["embargo_until"], life["who"]) == ("embargoed", "2026-01-01", "steward")
    assert analyst.post("/api/v1/query", json=count).json()["rows"][0]["n"] == 0

    with open_current(read_settings(data).store, wait=60) as store, store.transaction() as con:
        save_rules(con, PROJECT, replace(default_rules(), sign_offs=2), who="the test")
    assert step(steward, 2, step="signed")["state"] == "done"
    refused = step(steward, 2, step="released")
    assert refused["state"] == "failed"
    assert "1 of 2" in refused["error"]
    page = steward.get("/releases/2").text
    assert "The last step was refused" in page
    admin = client(app, "admin")
    token = csrf(admin.get("/releases/2"))
    asked = admin.post("/releases/2/step", data={"csrf": token, "step": "signed", "why": "second look"})
    assert asked.headers["location"] == "/releases/2"
    (*_, job) = reversed(admin.get("/api/v1/admin/jobs").json()[:1])
    assert finished(admin, job["id"])["state"] == "done"
    assert step(steward, 2, step="released")["state"] == "done"
    life = steward.get("/api/v1/lives/2").json()
    assert (life["state"], life["is_held"], life["may"]) == ("released", False, ["embargoed", "rejected"])
    assert analyst.post("/api/v1/query", json=count).json()["rows"][0]["n"] == before


def test_what_is_wrong_with_a_step_is_said_at_once(steward: Any) -> None:
    told = steward.post("/api/v1/lives/1/steps", json={"step": "rejected", "why": "MRN 12345678 of John"})
    assert (told.status_code, "may tell who somebody is" in told.json()["detail"]) == (422, True)
    assert steward.post("/api/v1/lives/99/steps", json={"step": "rejected", "why": "x"}).status_code == 404
    assert steward.post("/api/v1/lives/1/steps", json={"step": "withdrawn", "why": "x"}).status_code == 422
    assert steward.get("/releases/99").status_code == 404
    unknown = steward.post("/api/v1/lives/1/waivers", json={"rule": "no_rule", "why": "x"}).json()
    assert "no open finding" in finished(steward, unknown["id"])["error"]


def test_a_release_is_downloaded_in_parts(app: Any, data: Path, analyst: Any) -> None:
    content = (data / "releases" / "Open-R1-1.0" / "open" / "data.csv").read_bytes()
    (told,) = analyst.get("/api/v1/datasets").json()
    sums = {one["name"]: one["sha256"] for one in told["files"]}
    assert sums["open/data.csv"] == sha256(content).hexdigest()
    assert sorted(sums) == ["checksums.sha256", "data-dictionary.html", "open/data.csv", "release.json"]
    first = analyst.get(f"{FILES}/open/data.csv", headers={"Range": "bytes=0-9"})
    rest = analyst.get(f"{FILES}/open/data.csv", headers={"Range": "bytes=10-"})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.headers["content-range"] == f"bytes 0-9/{len(content)}"
    assert first.content + rest.content == content
    lines = client(app, "admin").get("/api/v1/admin/audit").json()
    noted = [line["detail"]["range"] for line in lines if line["action"] == "release downloaded"]
    assert noted[:2] == ["bytes=10-", "bytes=0-9"]
    page = analyst.get("/datasets/Open-R1-1.0").text
    assert f"{FILES}/open/data.csv" in page
    dictionary = analyst.get("/api/v1/datasets/Open-R1-1.0/dictionary")
    assert "sandbox" in dictionary.headers["content-security-policy"]


@pytest.mark.parametrize(
    "file", ["sequestered/data.csv", "../../service.db", "%2e%2e/%2e%2e/secret.key", "open", "link.csv", "nothing"]
)
def test_nothing_else_is_downloaded(data: Path, analyst: Any, file: str) -> None:
    link = data / "releases" / "Open-R1-1.0" / "link.csv"
    if not link.is_symlink():
        link.symlink_to(data / "secret.key")
    assert analyst.get(f"{FILES}/{file}").status_code == 404


def test_what_is_no_release_is_not_listed(tmp_path: Path) -> None:
    assert read_release(tmp_path) is None
    (tmp_path / "release.json").write_text("[1]")
    assert read_release(tmp_path) is None
    (tmp_path / "release.json").write_text('{"project": "P", "version": "2"}')
    found = read_release(tmp_path)
    assert found is not None
    assert (found.project, found.version, found.dictionary, found.size) == ("P", "2", None, 32)


def test_notices_are_shown_to_who_may_have_downloaded(data: Path, analyst: Any) -> None:
    folder = data / "store.duckdb.notices"
    folder.mkdir()
    (folder / "notice-1.txt").write_text("Delete <case-1>.")
    assert analyst.get("/api/v1/notices").json() == [{"name": "notice-1.txt", "text": "Delete <case-1>."}]
    assert "Delete &lt;case-1&gt;." in analyst.get("/datasets").text


def test_quality_is_measured_by_a_job_and_kept(app: Any, data: Path, analyst: Any) -> None:
    assert analyst.get("/api/v1/quality").status_code == 404
    assert "Nothing was measured yet" in analyst.get("/quality").text
    settings = app.state.service.settings
    settings.quality.mkdir()
    (settings.quality / "runs.jsonl").write_text('{"at": "2026-01-01", "passed": 7, "failed": 1, "percent": 87.5}\n')
    measure(app.state.service.db, settings, 0, Meter(lambda _step: None))
    told = analyst.get("/api/v1/quality").json()
    assert [one["passed"] for one in told["runs"]] == [7, told["passed"]]
    assert told["failed"] == len(told["failed_checks"]) > 0
    page = analyst.get("/quality").text
    assert told["failed_checks"][0]["checkDescription"].split(" ")[0] in page
    assert "sandbox" in analyst.get("/api/v1/quality/report").headers["content-security-policy"]


def test_what_is_held_back_does_not_stay_published_when_publishing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise RefusedError("A name in a text.")

    monkeypatch.setattr("harmonize.release.publication.publish_for", refuse)
    settings = read_settings(tmp_path)
    settings.store.write_bytes(b"the store")
    settings.published.write_bytes(b"with what is now embargoed")
    told = put_out(settings, Meter(lambda _step: None))
    assert (told, settings.published.exists()) == (["Not published for analysts: A name in a text."], True)
    told = put_out(settings, Meter(lambda _step: None), keep=False)
    assert (len(told), settings.published.exists()) == (2, False)
    assert settings.reading.read_bytes() == b"the store"


def test_quality_is_queued_once_for_several_loads(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'service.db'}")
    db.migrate()
    with db.session() as session:
        queue_quality(session, None)
        queue_quality(session, None)
        assert [job.kind for job in session.query(Job)] == ["quality"]
        session.query(Job).one().state = "running"
        queue_quality(session, None)  # what runs may have begun before the load ended
        assert [job.state for job in session.query(Job)] == ["running", "queued"]
