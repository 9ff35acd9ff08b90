"""Jobs: a process each, started when it is its turn, watched, cancelled, and begun again after a kill.

The process ends with the service (its stdin closes). What was running then is queued again at the next start.
"""

from __future__ import annotations

import json
import logging
import subprocess
import threading
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from harmonize.engine.process import start
from harmonize.service.models import Job, now
from harmonize.service.problems import Problem
from harmonize.service.submissions import ACCEPTED, CHECKED, FAILED, LOADING

if TYPE_CHECKING:
    from harmonize.service.database import Database
    from harmonize.service.metrics import Metrics
    from harmonize.service.settings import Settings

QUEUED, RUNNING, DONE, BROKEN, CANCELLED = "queued", "running", "done", "failed", "cancelled"
ENDED = frozenset({DONE, BROKEN, CANCELLED})
WRITE_THE_STORE = frozenset({"load", "publish", "project", "step", "waive"})
_LOOK_SECONDS = 0.3
_GRACE_SECONDS = 5.0
_log = logging.getLogger("harmonize.service")


class Runner:
    """Starts what is queued, and sees to what has ended. One thread; the tables say what is to be done."""

    def __init__(self, settings: Settings, db: Database, metrics: Metrics) -> None:
        self._settings, self._db, self._metrics = settings, db, metrics
        self._running: dict[int, tuple[str, subprocess.Popen[bytes]]] = {}
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Queue again what a kill interrupted, and begin."""
        with self._db.session() as session:
            for job in session.scalars(select(Job).where(Job.state == RUNNING)):
                self._again_or_fail(job, "The service ended while the job ran.")
        self._thread.start()

    def stop(self) -> None:
        """End the processes; what they were at goes on at the next start."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        for _, process in self._running.values():
            _end(process)
        self._running.clear()

    def look(self) -> None:
        """Something was queued or is to be cancelled."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception as failure:  # noqa: BLE001 - the queue must go on
                _log.error("jobs", extra={"told": {"kind": type(failure).__name__}}, exc_info=failure)
            self._wake.wait(_LOOK_SECONDS)
            self._wake.clear()

    def _turn(self) -> None:
        with self._db.session() as session:
            self._see_to_ended(session)
            self._cancel(session)
            chosen = self._choose(session)
        for job_id, kind in chosen:
            self._begin(job_id, kind)
        self._count()

    def _see_to_ended(self, session: Session) -> None:
        for job_id, (_, process) in list(self._running.items()):
            code = process.poll()
            if code is None:
                continue
            del self._running[job_id]
            _end(process)
            job = session.get(Job, job_id)
            if job is not None and job.state == RUNNING:  # it said nothing itself
                _log.warning("job", extra={"told": {"job": job.public_id, "kind": job.kind, "code": code}})
                self._again_or_fail(job, f"The process of the job ended with code {code}.")

    def _again_or_fail(self, job: Job, why: str) -> None:
        if job.cancel_asked:
            _finish(job, CANCELLED)
        elif job.attempts < self._settings.job_attempts:
            job.state, job.step, job.told, job.fraction = QUEUED, "", "", 0.0
        else:
            job.error, job.hint = why, "It was tried several times. The operator finds more in the log."
            _finish(job, BROKEN)

    def _cancel(self, session: Session) -> None:
        wanted = select(Job).where(Job.cancel_asked, Job.state.in_((QUEUED, RUNNING)))
        for job in session.scalars(wanted):
            if job.id in self._running:
                self._running[job.id][1].kill()  # a load is one transaction: nothing of it stays
            elif job.state == QUEUED:
                _finish(job, CANCELLED)

    def _choose(self, session: Session) -> list[tuple[int, str]]:
        """What may begin now: so many at once, and one of those that write the store."""
        chosen: list[tuple[int, str]] = []
        kinds = [kind for kind, _ in self._running.values()]
        waiting = select(Job).where(Job.state == QUEUED, ~Job.cancel_asked).order_by(Job.id)
        for job in session.scalars(waiting):
            if len(kinds) >= self._settings.jobs_at_once:
                break
            if job.kind in WRITE_THE_STORE and WRITE_THE_STORE & set(kinds):
                continue
            job.state, job.started_at, job.attempts = RUNNING, now(), job.attempts + 1
            kinds.append(job.kind)
            chosen.append((job.id, job.kind))
        return chosen

    def _begin(self, job_id: int, kind: str) -> None:
        process = start("harmonize.service.job_process")
        self._running[job_id] = (kind, process)
        settings = self._settings
        told = {
            "job": job_id,
            "url": settings.url,
            "settings": settings.model_dump(mode="json", exclude={"database_url", "oidc_client_secret"}),
        }
        if process.stdin is not None:
            with suppress(BrokenPipeError):  # it has ended, which the next turn sees
                process.stdin.write(json.dumps(told).encode() + b"\n")
                process.stdin.flush()

    def _count(self) -> None:
        kinds = Counter((kind, "running") for kind, _ in self._running.values())
        for kind in ("validate", "quality", *sorted(WRITE_THE_STORE)):
            self._metrics.jobs.labels(kind, "running").set(kinds[(kind, "running")])


def _end(process: subprocess.Popen[bytes]) -> None:
    """Close its pipe, which tells it to end; what does not is killed."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _finish(job: Job, state: str) -> None:
    """The end of a job that did not end well, and what that makes of its submission."""
    job.state, job.ended_at = state, now()
    if job.submission is not None:
        job.submission.state = CHECKED if job.kind == "load" else FAILED


def cancel(session: Session, job: Job) -> None:
    """Ask for the end of a job. Raises Problem where it has ended."""
    if job.state in ENDED:
        raise Problem(409, "The job has ended.", kind="ended")
    session.execute(update(Job).where(Job.id == job.id).values(cancel_asked=True))


def retry(job: Job) -> None:
    """Queue a job again that failed or was cancelled. Raises Problem for any other, and where a newer one took over."""
    if job.state not in (BROKEN, CANCELLED):
        raise Problem(409, "Only a job that failed or was cancelled is tried again.", kind="state")
    if job.submission is not None:
        if job.submission.state not in ((CHECKED,) if job.kind == "load" else (FAILED,)):
            raise Problem(409, "The submission has gone on since.", kind="state")
        job.submission.state = LOADING if job.kind == "load" else ACCEPTED
    job.state, job.attempts, job.cancel_asked = QUEUED, 0, False
    job.error = job.hint = job.ended_at = None
