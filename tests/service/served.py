"""A service to be asked: a data folder with a small study, an account for each role, and clients that are logged in."""

from __future__ import annotations

import fcntl
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from harmonize.demo.invent import invent, recipe
from harmonize.engine.progress import Meter
from harmonize.pipeline.load import load
from harmonize.pipeline.project import DEFAULT_ANCHOR, Project, save_project
from harmonize.pipeline.stores import open_current
from harmonize.service.accounts import create_user
from harmonize.service.app import create_app
from harmonize.service.models import Organisation, User
from harmonize.service.putting_out import put_out
from harmonize.service.settings import Settings, read_settings

PASSWORD = "a password of the tests"
PROJECT = "DEMO-INVENTED-STUDY"
MAPPING = "covid_19_ny_sbu"
ADDRESS = "http://localhost"
ROLES = {
    "contributor": "Lakeside",
    "stranger": "Hillside",
    "analyst": None,
    "reviewer": None,
    "steward": None,
    "admin": None,
}
"""The accounts, each with its organisation; the stranger is a contributor of another one."""


def release_in(data: Path) -> Path:
    """A release folder of the data folder, laid out as `release build` does; gives it."""
    folder = data / "releases" / "Open-R1-1.0"
    files = {
        "release.json": b'{"project": "Open-R1", "version": "1.0", "tool_version": "0.2.0", "submissions": [1]}',
        "open/data.csv": b"".join(b"%d,a line of data\n" % line for line in range(1000)),
        "data-dictionary.html": b"<!doctype html><title>Dictionary</title><h1>Dictionary</h1>",
        "sequestered/data.csv": b"not for download",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    sums = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    (folder / "checksums.sha256").write_text(sums)
    return folder


def study(factory: pytest.TempPathFactory) -> Path:
    """A data folder with the invented study loaded and published: made once a run, whatever the number of workers."""
    base = factory.getbasetemp()
    home = (base.parent if base.name.startswith("popen-") else base) / "served-study"
    home.mkdir(exist_ok=True)
    with (home / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (home / "data" / "reading.duckdb").exists():
            _make(home)
    return home / "data"


def _make(home: Path) -> None:
    plan = recipe()
    (home / "sent").mkdir(exist_ok=True)
    (home / "data").mkdir(exist_ok=True)
    made = invent(home / "sent", plan)
    settings = read_settings(home / "data")
    with open_current(settings.store, create=True) as store:
        with store.transaction() as con:
            save_project(con, Project(PROJECT, plan["time"]["policy"], plan["time"]["source_anchor"], DEFAULT_ANCHOR))
        load(store, [made.clinical], source="ehr", project=PROJECT, mapping=MAPPING)
        load(store, [made.images], source="idc", project=PROJECT, collections=(plan["images"]["collection"],))
    put_out(settings, Meter(lambda _step: None))


def folder_with_study(factory: pytest.TempPathFactory, name: str) -> Path:
    """A copy of it, for the tests of one file."""
    return Path(shutil.copytree(study(factory), factory.mktemp(name) / "data"))


@cache
def password_hash() -> str:
    """Of PASSWORD: hashing is slow on purpose."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(PASSWORD)


def with_accounts(settings: Settings) -> FastAPI:
    """The application with an account for each role."""
    app = create_app(settings)
    with app.state.service.db.session() as session:
        homes = {name: Organisation(name=name, projects=[project]) for name, project in
                 (("Lakeside", PROJECT), ("Hillside", "OTHER"))}  # fmt: skip
        session.add_all(homes.values())
        for name, home in ROLES.items():
            role = "contributor" if name == "stranger" else name
            user = create_user(session, name, role, password=None, organisation=homes.get(home or ""))
            user.password_hash = password_hash()
            user.terms_version = settings.terms_version
    return app


@contextmanager
def served(data: Path, **given: Any) -> Iterator[FastAPI]:
    """The application, running: its jobs too."""
    data.mkdir(parents=True, exist_ok=True)
    app = with_accounts(
        read_settings(
            data, **{"login_rate": "1000/minute", "request_rate": "100000/minute", "measure_quality": False, **given}
        )
    )
    with TestClient(app, base_url=ADDRESS):
        yield app


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """The application on a port of this machine; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    ready, started = threading.Event(), server.startup

    async def startup(sockets: Any = None) -> None:
        await started(sockets)
        ready.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(60)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


def client(app: FastAPI, name: str | None = None) -> TestClient:
    """A browser, logged in as one of the accounts; redirects are not followed."""
    made = TestClient(app, base_url=ADDRESS, follow_redirects=False, raise_server_exceptions=False)
    if name is not None:
        assert login(made, name).status_code == 303
        made.headers["x-csrf-token"] = csrf(made.get("/account"))
    return made


def login(browser: TestClient, name: str, password: str = PASSWORD, **more: str) -> Any:
    """What the form answers."""
    fields = {"csrf": csrf(browser.get("/login")), "name": name, "password": password, **more}
    return browser.post("/login", data=fields)


def csrf(answer: Any) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
    assert found, answer.text[:500]
    return found[1]


def user_id(app: FastAPI, name: str) -> int:
    """Of an account."""
    with app.state.service.db.session() as session:
        return int(session.query(User).filter_by(name=name).one().id)


def send(browser: TestClient, files: dict[str, bytes], *, piece: int = 50_000, accept: bool = True, **more: Any) -> str:
    """Send files as a program does, in pieces; gives the id of the submission."""
    body = {"project": PROJECT, "source": "ehr", "mapping": MAPPING, **more}
    made = browser.post("/api/v1/submissions", json=body)
    assert made.status_code == 201, made.text
    home = made.headers["location"]
    for name, content in files.items():
        told = {"name": name, "size": len(content), "sha256": sha256(content).hexdigest()}
        place = browser.post(f"{home}/files", json=told).headers["location"]
        for start in range(0, len(content), piece):
            assert patch(browser, place, content[start : start + piece], start).status_code == 204
    if accept:
        assert browser.post(f"{home}/accept").status_code == 202
    return home.rpartition("/")[2]


def patch(browser: TestClient, place: str, content: bytes, offset: int) -> Any:
    """Send a piece."""
    headers = {"upload-offset": str(offset), "content-type": "application/offset+octet-stream"}
    return browser.patch(place, content=content, headers=headers)


def ended(browser: TestClient, submission: str) -> dict[str, Any]:
    """The last job of a submission, when it has ended: its events are read to their end."""
    (*_, job) = browser.get(f"/api/v1/submissions/{submission}").json()["jobs"]
    return finished(browser, job["id"])


def finished(browser: TestClient, job: str) -> dict[str, Any]:
    """A job, when it has ended."""
    with browser.stream("GET", f"/api/v1/jobs/{job}/events") as events:
        assert "event: ended" in "".join(events.iter_text())
    found: dict[str, Any] = browser.get(f"/api/v1/jobs/{job}").json()
    return found


def clinical(factory: pytest.TempPathFactory, lines: int = 30) -> bytes:
    """The first lines of the invented clinical table."""
    text = (study(factory).parent / "sent" / "clinical.csv").read_bytes()
    return b"".join(text.splitlines(keepends=True)[: lines + 1])
