"""`harmonize serve` under many analysts who ask, while a submission is loaded; beside plain DuckDB on the same queries.

An analyst asks, reads the answer for a while, and asks the next. Plain DuckDB answers the same statements on the same
file in one process, two at a time, without login, limits, audit or a process per query. Alone: `python
benchmarks/service_load.py 50 300` for 50 analysts and 300 seconds.
"""

from __future__ import annotations

import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import httpx2
from command import HARMONIZE

if TYPE_CHECKING:
    from harmonize.service.settings import Settings

ANALYSTS, SECONDS, READS_FOR = 12, 25.0, 2.0
AT_ONCE = 2
QUERIES = (
    "SELECT count(*) FROM omop.person",
    "SELECT modality, count(*) AS studies FROM linked.imaging_timeline GROUP BY ALL ORDER BY ALL",
    "SELECT c.concept_name, count(*) AS rows FROM omop.condition_occurrence o JOIN omop.concept c "
    "ON c.concept_id = o.condition_concept_id GROUP BY ALL ORDER BY rows DESC, 1",
    "SELECT measurement_concept_id, avg(value_as_number) AS mean FROM omop.measurement GROUP BY ALL ORDER BY ALL",
    "SELECT p.gender_concept_id, count(DISTINCT v.visit_occurrence_id) AS visits FROM omop.person p "
    "JOIN omop.visit_occurrence v USING (person_id) GROUP BY ALL ORDER BY ALL",
    "SELECT * FROM linked.imaging_timeline ORDER BY ALL LIMIT 100",
)


def measure(folder: Path, analysts: int = ANALYSTS, seconds: float = SECONDS) -> dict[str, float]:
    """Errors, queries a second and the 95th percentile of both, the memory of the service and its processes."""
    from harmonize.service.settings import read_settings

    settings = read_settings(folder / "data")
    tokens, steward = _accounts(settings, analysts)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"HARMONIZE_SERVE_REQUEST_RATE": "1000000/minute"}
    command = [*HARMONIZE, "serve", "--data", str(settings.data), "--port", str(port)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address)
            peak = _Peak(server.pid)
            taken, failed, loaded = _together(address, tokens, steward, settings, seconds)
            peak.stop()
        finally:
            server.terminate()
            server.wait(60)
    plain = _plain(settings.published, min(seconds, 10.0))
    p95 = _p95(taken)
    return {
        "analysts": analysts,
        "errors": failed,
        "loads_done": loaded,
        "queries": len(taken),
        "queries_per_second": len(taken) / seconds,
        "p95_seconds": p95,
        "plain_queries_per_second": len(plain) / min(seconds, 10.0),
        "plain_p95_seconds": _p95(plain),
        "peak_rss_gib": peak.gib,
    }


def _accounts(settings: Settings, analysts: int) -> tuple[list[str], str]:
    """The invented study served, with tokens for so many analysts and a steward."""
    from harmonize.service.accounts import create_token, create_user
    from harmonize.service.database import Database
    from harmonize.service.serve import make_demo, prepared

    db = Database(settings.url)
    with prepared(settings):
        db.migrate()
        make_demo(settings, db, lambda _step: None)
    tokens = []
    with db.session() as session:
        for name, role, scopes in (
            *((f"analyst-{number}", "analyst", ["query"]) for number in range(analysts)),
            ("loader", "steward", ["submit", "load"]),
        ):
            user = create_user(session, name, role, password=None)
            user.terms_version = settings.terms_version
            session.flush()
            tokens.append(create_token(session, user, "load test", scopes, 1)[1])
    db.close()
    return tokens[:-1], tokens[-1]


def _together(
    address: str, tokens: list[str], steward: str, settings: Settings, seconds: float
) -> tuple[list[float], int, int]:
    """All analysts at once and a load; seconds of each answer, how many failed, how many loads were done."""
    ends = time.monotonic() + seconds
    with ThreadPoolExecutor(len(tokens) + 1) as pool:
        asking = [pool.submit(_analyst, address, token, ends, number) for number, token in enumerate(tokens)]
        loading = pool.submit(_load, address, steward, settings.data / "demo" / "data" / "clinical.csv")
        told = [one.result() for one in asking]
        loaded = loading.result()
    return [took for taken, _ in told for took in taken], sum(failed for _, failed in told), int(loaded)


def _analyst(address: str, token: str, ends: float, number: int) -> tuple[list[float], int]:
    draw, taken, failed = random.Random(number), list[float](), 0
    with httpx2.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=120) as browser:
        while time.monotonic() < ends:
            began = time.monotonic()
            answer = browser.post("/api/v1/query", json={"sql": draw.choice(QUERIES)})
            if answer.status_code == 200 and answer.json()["rows"]:
                taken.append(time.monotonic() - began)
            else:
                failed += 1
            time.sleep(draw.uniform(0, 2 * READS_FOR))
    return taken, failed


def _load(address: str, token: str, file: Path) -> bool:
    """Send a file, have it checked and loaded; whether it was."""
    content = file.read_bytes()
    with httpx2.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=120) as browser:
        body = {"project": "DEMO-INVENTED-STUDY", "source": "ehr", "mapping": "covid_19_ny_sbu"}
        home = browser.post("/api/v1/submissions", json=body).headers["location"]
        told = {"name": file.name, "size": len(content)}
        place = browser.post(f"{home}/files", json=told).headers["location"]
        headers = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        browser.patch(place, content=content, headers=headers).raise_for_status()
        browser.post(f"{home}/accept").raise_for_status()
        if _ended(browser, home)["state"] != "done":
            return False
        browser.post(f"{home}/load").raise_for_status()
        return bool(_ended(browser, home)["state"] == "done")


def _ended(browser: httpx2.Client, home: str) -> dict[str, Any]:
    while True:
        job: dict[str, Any] = browser.get(home).json()["jobs"][-1]
        if job["state"] in ("done", "failed", "cancelled"):
            return job
        time.sleep(0.5)


def _plain(published: Path, seconds: float) -> list[float]:
    """Seconds of each answer of DuckDB alone, as JSON too."""
    ends = time.monotonic() + seconds

    def ask(con: duckdb.DuckDBPyConnection, number: int) -> list[float]:
        draw, taken = random.Random(number), list[float]()
        while time.monotonic() < ends:
            began = time.monotonic()
            json.dumps(con.execute(draw.choice(QUERIES)).fetchall(), default=str)
            taken.append(time.monotonic() - began)
        return taken

    with duckdb.connect(str(published), read_only=True) as con, ThreadPoolExecutor(AT_ONCE) as pool:
        asking = [pool.submit(ask, con.cursor(), number) for number in range(AT_ONCE)]
        return [took for one in asking for took in one.result()]


class _Peak:
    """The peak of the memory of a process and all below it, looked at five times a second."""

    def __init__(self, pid: int) -> None:
        self.gib = 0.0
        self._pid, self._ended = pid, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.2):
            self.gib = max(self.gib, _resident(self._pid) / 2**30)

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()


def _resident(pid: int) -> int:
    """Bytes that a process and its children have in memory."""
    parents, pages = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        parents[int(folder.name)], pages[int(folder.name)] = int(fields[1]), int(fields[21])
    own = {pid}
    while more := {child for child, parent in parents.items() if parent in own} - own:
        own |= more
    return sum(pages.get(one, 0) for one in own) * os.sysconf("SC_PAGE_SIZE")


def _wait(address: str, tries: int = 300) -> None:
    for _ in range(tries):
        try:
            if httpx2.get(f"{address}/health").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.2)
    raise SystemExit("The service did not start.")


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else float("nan")


def _main(show: Callable[[str], None] = print) -> None:
    analysts, seconds = (float(one) for one in (*sys.argv[1:3], *("50", "300")[len(sys.argv[1:3]) :]))
    with tempfile.TemporaryDirectory(prefix="harmonize-bench-") as folder:
        for name, value in measure(Path(folder), int(analysts), seconds).items():
            show(f"{name}\t{value:.3f}")


if __name__ == "__main__":
    _main()
