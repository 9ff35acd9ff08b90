"""The process of one job: does it, says how far it is, and ends when the service does."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from contextlib import suppress
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from harmonize.engine.errors import HarmonizeError, InternalError
from harmonize.engine.plain import plain
from harmonize.engine.progress import Meter
from harmonize.engine.quiet import quiet_libraries
from harmonize.engine.translate import first_line, translate
from harmonize.service.database import Database
from harmonize.service.jobs import BROKEN, DONE, QUEUED, RUNNING
from harmonize.service.models import Job, now
from harmonize.service.settings import Settings
from harmonize.service.submissions import CHECKED, FAILED, LOADED, queue
from harmonize.service.work import WORK

_TELL_SECONDS = 0.4
PUBLISH = frozenset({"load", "publish", "step"})
"""The jobs after which the quality of what is published is measured anew."""
_AFTER = {"validate": CHECKED, "load": LOADED}


def main() -> None:
    """Do the job that comes as one line on stdin."""
    quiet_libraries()
    told = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_service, daemon=True).start()
    settings = Settings.model_validate(told["settings"])
    run(Database(told["url"]), settings, told["job"])
    os._exit(0)


def _end_with_service() -> None:
    """A service that ended, or was killed, leaves no job; a load that was not committed leaves nothing."""
    os.read(0, 1)
    os._exit(1)


def run(db: Database, settings: Settings, job_id: int) -> None:
    """Do a job, and write down how it ended."""
    told = Teller(db, job_id)
    thread = threading.Thread(target=told.go_on, daemon=True)
    thread.start()
    try:
        with db.session() as session:
            job = session.get_one(Job, job_id)
            kind = job.kind
        result = WORK[kind](db, settings, job_id, told.meter)
    except Exception as failure:  # noqa: BLE001 - written down for people
        told.end(thread)
        _fail(db, settings, job_id, failure)
        return
    told.end(thread)
    with db.session() as session:
        job = session.get_one(Job, job_id)
        job.state, job.result, job.ended_at, job.fraction = DONE, result, now(), 1.0
        if job.submission is not None and kind in _AFTER:
            job.submission.state = _AFTER[kind]
            if kind == "validate":
                job.submission.summary = result
        if kind in PUBLISH and settings.measure_quality:
            queue_quality(session, job.user_id)


def queue_quality(session: Session, user_id: int | None) -> None:
    """Have the quality of what is new measured; once is enough for several loads."""
    waits = select(Job.id).where(Job.kind == "quality", Job.state == QUEUED)
    if session.scalar(waits) is None:
        queue(session, "quality", None, user_id)


def _fail(db: Database, settings: Settings, job_id: int, failure: Exception) -> None:
    known = failure if isinstance(failure, HarmonizeError) else translate(failure)
    known = known or InternalError(f"{type(failure).__name__}: {first_line(failure)}")
    with db.session() as session:
        job = session.get_one(Job, job_id)
        job.state, job.ended_at = BROKEN, now()
        job.error, job.hint = _bare(known.message, settings), _bare(known.hint or "", settings) or None
        if job.submission is not None:
            job.submission.state = CHECKED if job.kind == "load" else FAILED


def _bare(text: str, settings: Settings) -> str:
    """What is said to a contributor does not tell where the service keeps its files."""
    places = rf"({re.escape(str(settings.data.resolve()))}|{re.escape(str(settings.data))})(/submissions/\w+/files)?/?"
    return plain(re.sub(places, "", text))


class Teller:
    """Writes into the job's row what it does now and how far it is."""

    def __init__(self, db: Database, job_id: int) -> None:
        self._db, self._job_id = db, job_id
        self._ended = threading.Event()
        self._step = ""
        self.meter = Meter(self._say, shown=True)

    def _say(self, step: str) -> None:
        self._step = plain(step)

    def go_on(self) -> None:
        """Until the job has ended."""
        before: tuple[Any, ...] = ()
        while not self._ended.wait(_TELL_SECONDS):
            now_told = (self._step, self.meter.told(), round(self.meter.fraction(), 3))
            if now_told != before:
                with suppress(SQLAlchemyError):  # the next time, then
                    self._write(*now_told)
                before = now_told

    def _write(self, step: str, told: str, fraction: float) -> None:
        with self._db.session() as session:
            session.execute(
                update(Job)
                .where(Job.id == self._job_id, Job.state == RUNNING)
                .values(step=step, told=told, fraction=fraction)
            )

    def end(self, thread: threading.Thread) -> None:
        """Say no more."""
        self._ended.set()
        thread.join()


if __name__ == "__main__":
    main()
