"""The quality of what is published: measured after a load by a job of its own, kept with the runs before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.errors import InputError
from harmonize.engine.files import replacing

if TYPE_CHECKING:
    from harmonize.engine.progress import Meter
    from harmonize.service.database import Database
    from harmonize.service.settings import Settings

REPORT, RESULT, RUNS = "report.html", "result.json", "runs.jsonl"
SHOWN_RUNS = 30
_SHOWN = ("checkName", "checkDescription", "category", "cdmTableName", "cdmFieldName", "notesValue")


def measure(_db: Database, settings: Settings, _job_id: int, meter: Meter) -> dict[str, Any]:
    """Run every check on the published file; write the page, the result, and a line of what it came to."""
    from harmonize.pipeline.stores import open_current
    from harmonize.quality.quality import document, quality

    if not settings.published.is_file():
        raise InputError("Nothing is published yet.")
    with open_current(settings.published, read_only=True, memory=settings.memory) as store:
        result = quality(store, progress=meter)
        page, found = document(store, result, "html"), result.to_json()
    settings.quality.mkdir(exist_ok=True, mode=0o700)
    overview = found["Overview"]
    line = {
        "at": found["endTimestamp"],
        "passed": overview["countPassed"],
        "failed": overview["countOverallFailed"],
        "percent": overview["percentPassed"],
    }
    failed = [{name: one.get(name) for name in _SHOWN} for one in found["CheckResults"] if one["failed"]]
    _write(settings, REPORT, page.encode())
    _write(settings, RESULT, orjson.dumps({**line, "overview": overview, "failed_checks": failed}, default=str))
    before = [orjson.dumps(one, default=str) for one in runs(settings)]
    _write(settings, RUNS, b"".join(one + b"\n" for one in (*before, orjson.dumps(line, default=str))))
    return {"notes": [f"{line['passed']:,} checks passed, {line['failed']:,} failed."], **line}


def latest(settings: Settings) -> dict[str, Any] | None:
    """The last result; None where none was measured."""
    path = settings.quality / RESULT
    return orjson.loads(path.read_bytes()) if path.is_file() else None


def runs(settings: Settings) -> list[dict[str, Any]]:
    """What each run came to, oldest first."""
    path = settings.quality / RUNS
    return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.is_file() else []


def _write(settings: Settings, name: str, content: bytes) -> None:
    with replacing(settings.quality / name) as partial:
        partial.write_bytes(content)
