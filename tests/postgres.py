"""A PostgreSQL server of a test's own, on a socket in its folder; nothing of it stays."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
"""Debian's, newest last."""


def _binaries() -> Path:
    found = shutil.which("initdb")
    if BINARIES:
        return BINARIES[-1].parent
    if found:
        return Path(found).parent
    if os.environ.get("HARMONIZE_REQUIRE_DATA"):
        pytest.fail("PostgreSQL is missing; .ci/run installs it: apt-get install postgresql")
    pytest.skip("PostgreSQL is not installed: apt-get install postgresql")


@contextmanager
def server() -> Iterator[str]:
    """Start a server in a folder of its own; gives the URL of its empty database `midrc`.

    It refuses to run as root, so it runs as the user postgres there. The folder has a short name, since that of a
    socket has 107 characters at most.
    """
    with TemporaryDirectory(prefix="pg") as name:
        yield from _served(Path(name))


def _served(folder: Path) -> Iterator[str]:
    binaries = _binaries()
    runner: list[str] = []
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        runner = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    data = folder / "data"

    def run(*command: str | Path) -> None:
        subprocess.run([*runner, *map(str, command)], check=True, capture_output=True, cwd="/")

    run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    run(binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    try:
        run(binaries / "createdb", "-h", folder, "-U", "postgres", "midrc")
        yield f"postgresql://postgres@/midrc?host={folder}"
    finally:
        run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
