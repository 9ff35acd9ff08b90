"""Compiled schemas and mappings as JSON files named by content: linkml is imported only for new ones."""

from __future__ import annotations

import contextlib
import os
import tempfile
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import plan_folders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def plan_file(kind: str, name: str, digest: str) -> str:
    """The file name of a plan: `<kind>-<name>-<12 digits of the digest>.json`, a slash written as a dot."""
    return f"{kind}-{name.replace('/', '.')}-{digest[:12]}.json"


def dump(plan: dict[str, Any]) -> bytes:
    """A plan as it is written to a file, the shipped ones included."""
    return orjson.dumps(plan, option=orjson.OPT_APPEND_NEWLINE)


def cached(kind: str, name: str, digest: str, build: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The plan of `name` whose sources have `digest`: shipped, else cached for the user, else built.

    A file is found by a name that carries the digest, so an outdated plan is never read. A damaged file is
    built anew; a cache that cannot be written only costs time.
    """
    shipped, cache = plan_folders()
    file = plan_file(kind, name, digest)
    for folder in (shipped, cache):
        plan = _read(folder / file)
        if plan is not None:
            return plan
    plan = build()
    with contextlib.suppress(OSError):
        _write(cache / file, dump(plan))
    return plan


def _read(path: Path) -> dict[str, Any] | None:
    """The plan in `path`; None where there is no file, it cannot be read, or it is damaged."""
    try:
        plan = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return plan if isinstance(plan, dict) else None


def _write(path: Path, data: bytes) -> None:
    """Write by a temporary file and a rename, so that another process sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise
