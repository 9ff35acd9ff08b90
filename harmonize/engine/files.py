"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path beside `target` to write to; it takes the place of `target` when the block ends well.

    Else it disappears. Who has the old file open keeps reading it. What processes that were killed left beside
    `target` goes, too.
    """
    _clear_left(target)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _clear_left(target: Path) -> None:
    """Remove the partial files of `target`, and the logs beside them, whose process is not there any more."""
    if not target.parent.is_dir():
        return  # who opens the partial file says so
    name = re.compile(re.escape(f".{target.name}.") + r"(?P<pid>[0-9]+)\.partial(\.wal)?")
    for path in target.parent.iterdir():
        found = name.fullmatch(path.name)
        if found and not _is_alive(int(found["pid"])):
            path.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    """Whether a process of this machine has the number; one of another user counts as well."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return pid > 0
