"""A release between taking its place and being remembered by its store: a file beside the store says what is to do.

It names cases, as the store does, and is for its owner alone.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.files import replacing

if TYPE_CHECKING:
    from pathlib import Path


def pending_path(store: Path, name: str) -> Path:
    """Where the work that is left of a release is noted."""
    return store.with_name(f"{store.name}.release-{name}.json")


def write_pending(path: Path, work: dict[str, Any]) -> None:
    """Note it."""
    with replacing(path) as partial:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(orjson.dumps(work))
            stream.flush()
            os.fsync(stream.fileno())


def read_pending(path: Path) -> dict[str, Any] | None:
    """What was noted, or None."""
    if not path.exists():
        return None
    work = orjson.loads(path.read_bytes())
    return work if isinstance(work, dict) else None


def every_pending(store: Path) -> list[dict[str, Any]]:
    """The work that is left of all releases of a store."""
    found = (read_pending(path) for path in sorted(store.parent.glob(f"{store.name}.release-*.json")))
    return [work for work in found if work is not None]
