"""Files of a command's own, which may hold what patients' records say: removed at its end, after a kill by the next.

A name carries the mark of its process, so that the next command can tell what a process that was killed has left.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

PREFIX = "harmonize-"
MARK = r"(?:(?P<home>[0-9a-f]{8})-)?(?P<process>\d+)"
"""How a mark reads: the machine (or container) whose number it is, which older releases left out, and the number."""


@contextmanager
def work_folder(purpose: str) -> Iterator[Path]:
    """A new folder that only this user reads, removed when the block ends. `purpose` is a word in its name."""
    folder = make_work_folder(purpose)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_work_folder(purpose: str) -> Path:
    """Such a folder, which the caller removes."""
    clear_work_folders()
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{process_mark()}-{purpose}-"))


@cache
def clear_work_folders() -> None:
    """Remove the folders of this user whose process lives no more, once a process."""
    form = re.compile(f"{PREFIX}{MARK}-.*")
    with suppress(OSError):
        for path in list(Path(tempfile.gettempdir()).iterdir()):
            if (found := form.fullmatch(path.name)) and is_left(found):
                shutil.rmtree(path, ignore_errors=True)  # another user's stays


def process_mark() -> str:
    """The mark of this process: MARK matches it."""
    return f"{_home()}-{os.getpid()}"


def is_left(mark: re.Match[str]) -> bool:
    """Whether the mark is that of a process of this machine that lives no more; of other machines nobody knows here."""
    return mark["home"] in (None, _home()) and not _is_alive(int(mark["process"]))


@cache
def _home() -> str:
    """Stands for the machine, or the container, in which process numbers mean the same."""
    namespace = ""
    with suppress(OSError):
        namespace = os.readlink("/proc/self/ns/pid")
    return hashlib.sha256(f"{socket.gethostname()}|{namespace}".encode()).hexdigest()[:8]


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
