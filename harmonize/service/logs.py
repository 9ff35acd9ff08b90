"""The log: a JSON object a line. Requests are told by route, never by address; failures by place, never by text."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime
from typing import Any

import orjson


class JsonLines(logging.Formatter):
    """One line a record: time, level, what happened, and `told` of its `extra`.

    Of an exception there are its kind and the lines of code it passed; its text may hold what a record says.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if record.name.startswith("harmonize") else record.name,
            **getattr(record, "told", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            frames = traceback.extract_tb(record.exc_info[1].__traceback__)
            told["at"] = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno}" for frame in frames[-8:]]
        return orjson.dumps(told, default=str).decode()


def begin(level: str) -> None:
    """Log to stderr from now on; of uvicorn only what goes wrong."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("harmonize.service").setLevel(level)
