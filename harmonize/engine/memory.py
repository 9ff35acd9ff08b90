"""How much memory a command may use: the promise of `--memory`, and DuckDB's share of it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, InternalError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# DuckDB's limit does not count all that the process holds; at 65 % measured peaks stay within the promise.
DUCKDB_SHARE = 0.65
DEFAULT_SHARE = 0.60
SMALLEST, LARGEST = 256 * 1024**2, 1024**5
_UNITS = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3, "T": 1000**4}
_BINARY = {"KI": 1024, "MI": 1024**2, "GI": 1024**3, "TI": 1024**4}
_CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def machine_memory() -> int:
    """Bytes of memory this process may have: the machine's, or the container's limit where that is less."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for name in _CGROUP_LIMITS:
        path = Path(name)
        text = path.read_text().strip() if path.is_file() else "max"
        if text.isdigit():
            limits.append(int(text))
    return min(limits)


def parse_size(text: str) -> int:
    """Bytes of a size like `2GB`, `512 MB`, `1.5GiB`.

    Raises InputError where the text is no size, less than 256 MiB, with which nothing would finish, or more than 1 PiB.
    """
    size = _bytes(text)
    if size is None:
        raise InputError(f"{text!r} is not an amount of memory.", "Write it like 2GB or 512MB.")
    if size < SMALLEST:
        raise InputError(f"{text!r} is too little memory.", "Give at least 256MiB.")
    if size > LARGEST:
        raise InputError(f"{text!r} is more memory than there is.", "Give what this machine has, or less.")
    return size


def _bytes(text: str) -> int | None:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]I?|)B?\s*", text.upper())
    return int(float(found[1]) * {**_UNITS, **_BINARY}[found[2]]) if found else None


def budget(promise: str | None) -> int:
    """Bytes of the promise for the whole process (None: 60 % of the machine)."""
    return parse_size(promise) if promise else int(machine_memory() * DEFAULT_SHARE)


def duckdb_limit(promise: str | None) -> str:
    """DuckDB's `memory_limit` under the promise for the whole process."""
    return f"{int(budget(promise) * DUCKDB_SHARE) // 1024}KiB"


def limit_of(con: DuckDBPyConnection) -> int:
    """Bytes that DuckDB may use in this connection, as it tells them (to a tenth of a unit)."""
    row = con.execute("SELECT current_setting('memory_limit')").fetchone()
    size = _bytes(row[0]) if row else None
    if size is None:
        raise InternalError(f"DuckDB tells its memory limit as {row}.")
    return size
