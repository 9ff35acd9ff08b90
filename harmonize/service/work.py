"""What the jobs do: validate, load, publish. The only code of the service that opens the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.errors import HarmonizeError
from harmonize.engine.files import replacing
from harmonize.service import quality, releasing
from harmonize.service.models import Job, Submission
from harmonize.service.putting_out import WAIT_SECONDS, put_out
from harmonize.service.submissions import folder

if TYPE_CHECKING:
    from harmonize.engine.progress import Meter
    from harmonize.engine.store import Store
    from harmonize.service.database import Database
    from harmonize.service.settings import Settings

REPORTS = {
    "html": "html",
    "text": "txt",
    "markdown": "md",
    "json": "json",
    "jsonl": "jsonl",
    "csv": "csv",
    "junit": "junit.xml",
    "sarif": "sarif",
    "operationoutcome": "operationoutcome.json",
}
"""The formats of a report, each with the ending of its file."""


def report_path(settings: Settings, submission: Submission, format: str) -> Path:
    """Where the report of a validation lies."""
    return folder(settings, submission) / "reports" / f"findings.{REPORTS[format]}"


def validate(db: Database, settings: Settings, job_id: int, meter: Meter) -> dict[str, Any]:
    """Check the files, write the report in every format, and give its sums."""
    from harmonize.pipeline.foresee import foresee
    from harmonize.validation.validate import validate as check

    with db.session() as session:
        submission = _submission(session.get_one(Job, job_id))
        paths = [folder(settings, submission) / "files" / file.name for file in submission.files]
    with check(
        paths,
        source=submission.source,
        mapping=submission.mapping,
        project=submission.project,
        db=settings.reading if settings.reading.is_file() else None,
        pictures=True,
        memory=settings.memory,
        foresee=foresee,
        progress=meter,
    ) as result:
        meter("write the report")
        for format in REPORTS:
            target = report_path(settings, submission, format)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with replacing(target) as partial, partial.open("wb") as out:
                result.write(out, format=format)
        document = BytesIO()
        summary = result.write(document, format="json", limit=0)
        said = orjson.loads(document.getvalue())
        return {**said["summary"], "files": said["files"], "exit_code": result.exit_code(summary), "notes": result.told}


def load(db: Database, settings: Settings, job_id: int, meter: Meter) -> dict[str, Any]:
    """Load the files into the store, whole or not at all; then let analysts and stewards read what is new."""
    from harmonize.pipeline.load import load as run
    from harmonize.pipeline.stores import open_current

    with db.session() as session:
        job = session.get_one(Job, job_id)
        submission, again = _submission(job), job.attempts > 1
        sums = [file.sha256 for file in submission.files]
    paths = [folder(settings, submission) / "files" / file.name for file in submission.files]
    with open_current(
        settings.store, create=not settings.store.exists(), wait=WAIT_SECONDS, memory=settings.memory, keep_copy=True
    ) as store:
        done = _loaded_before(store, submission, sums) if again else None
        if done is None:
            result = run(
                store,
                paths,
                source=submission.source,
                project=submission.project,
                mapping=submission.mapping,
                progress=meter,
            )
            told = {**result.to_json(), "lines": result.summary_lines(), "notes": [*store.notes, *result.notes]}
        else:
            told = {
                "submission": done,
                "lines": [f"Submission {done} was loaded before the service ended."],
                "notes": [],
            }
    told["notes"] += put_out(settings, meter)
    return told


def _submission(job: Job) -> Submission:
    if job.submission is None:
        raise HarmonizeError("The job has no submission.")
    return job.submission


def _loaded_before(store: Store, submission: Submission, sums: list[str | None]) -> int | None:
    """The store's submission of these files, if the load was committed and only its end was not written down."""
    rows = store.con.execute(
        "SELECT s.submission_id, list(DISTINCT f.sha256) FROM harmonize.submission s "
        "JOIN harmonize.source_file f USING (submission_id) WHERE s.project_id = ? AND s.source = ? "
        "GROUP BY ALL ORDER BY 1 DESC LIMIT 1",
        [submission.project, submission.source],
    ).fetchall()
    return next((int(found) for found, digests in rows if set(digests) == set(sums)), None)


def project(db: Database, settings: Settings, job_id: int, meter: Meter) -> dict[str, Any]:
    """Say what the dates of a project are, and its other settings; rows that depend on them are derived anew."""
    from harmonize.pipeline.project import set_project
    from harmonize.pipeline.stores import open_current

    with db.session() as session:
        given = dict(session.get_one(Job, job_id).given)
    name = given.pop("project")
    if given.get("source_anchor"):
        given["source_anchor"] = date.fromisoformat(given["source_anchor"])
    with open_current(
        settings.store, create=not settings.store.exists(), wait=WAIT_SECONDS, memory=settings.memory, keep_copy=True
    ) as store:
        meter("set the project")
        row = set_project(store, name, **given)
        told = {key: None if value is None else str(value) for key, value in row.items()}
    return {"project": told, "notes": put_out(settings, meter)}


def publish(_db: Database, settings: Settings, _job_id: int, meter: Meter) -> dict[str, Any]:
    """Make what analysts and stewards read anew."""
    return {"notes": put_out(settings, meter)}


WORK: dict[str, Callable[[Database, Settings, int, Meter], dict[str, Any]]] = {
    "validate": validate,
    "load": load,
    "project": project,
    "publish": publish,
    "step": releasing.take,
    "waive": releasing.waive,
    "quality": quality.measure,
}
