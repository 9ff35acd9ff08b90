"""The command itself: the first run, kill -9 in an upload and in a job, a graceful stop."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest
from served import MAPPING, clinical

PATIENCE = httpx2.Timeout(60.0)
PIECE = {"content-type": "application/offset+octet-stream"}


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


class Running:
    """A service in a process of its own, and what it has told."""

    def __init__(self, data: Path, *more: str) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "harmonize", "serve", "--data", str(data), "--port", str(self.port), *more]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.lines: list[str] = []
        self._up = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        assert self._up.wait(120), self.lines
        self.http = httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            timeout=PATIENCE,
            transport=httpx2.HTTPTransport(retries=8),  # it says where it serves just before it does
        )

    def _read(self) -> None:
        for line in self.process.stderr or ():
            self.lines.append(line)
            if line.startswith("Serving ") or "hint" in line:
                self._up.set()
        self._up.set()

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(60)


@contextmanager
def running(data: Path, *more: str) -> Iterator[Running]:
    service = Running(data, *more)
    try:
        yield service
    finally:
        service.process.kill()
        service.process.wait()


def log_in(service: Running, password: str) -> None:
    def token(path: str) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', service.http.get(path).text)
        assert found
        return found[1]

    fields = {"csrf": token("/login"), "name": "admin", "password": password}
    assert service.http.post("/login", data=fields).status_code == 303
    service.http.headers["x-csrf-token"] = token("/account")


def until_ended(service: Running, job: str) -> dict[str, Any]:
    with service.http.stream("GET", f"/api/v1/jobs/{job}/events") as events:
        assert "event: ended" in "".join(events.iter_text())
    found: dict[str, Any] = service.http.get(f"/api/v1/jobs/{job}").json()
    return found


def test_no_kill_loses_what_was_accepted(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    content, data = clinical(tmp_path_factory, 12), tmp_path / "data"
    with running(data) as service:
        told = "".join(service.lines)
        password = told.split("shown this once: ")[1].split()[0]
        log_in(service, password)
        body = {"project": "Open", "source": "ehr", "mapping": MAPPING}
        home = service.http.post("/api/v1/submissions", json=body).headers["location"]
        file = {"name": "clinical.csv", "size": len(content), "sha256": sha256(content).hexdigest()}
        place = service.http.post(f"{home}/files", json=file).headers["location"]
        service.http.patch(place, content=content[:1000], headers={**PIECE, "upload-offset": "0"})
        assert service.end(signal.SIGKILL) == -signal.SIGKILL
    with running(data) as service:
        assert "password" not in "".join(service.lines)
        log_in(service, password)
        assert service.http.head(place).headers["upload-offset"] == "1000"
        rest = service.http.patch(place, content=content[1000:], headers={**PIECE, "upload-offset": "1000"})
        assert rest.status_code == 204
        job = service.http.post(f"{home}/accept").json()["id"]
        assert service.end(signal.SIGKILL) == -signal.SIGKILL
    with running(data) as service:
        log_in(service, password)
        found = until_ended(service, job)
        assert (found["state"], found["result"]["records"]) == ("done", 12)
        second = subprocess.run(
            [sys.executable, "-m", "harmonize", "serve", "--data", str(data)],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert (second.returncode, "Another service has" in second.stderr) == (4, True)
        assert service.end(signal.SIGTERM) in (0, -signal.SIGTERM)
    assert [line for line in service.lines if "Traceback" in line] == []
