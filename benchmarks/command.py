"""A harmonize command in a process of its own: how long it took, and what it used.

A process is told its parent's peak of memory as its own, if that was higher; so a small process starts the command.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HARMONIZE = (sys.executable, "-c", "from harmonize.cli.main import run; run()")
_START = """
import json, os, sys, time
out, *command = sys.argv[1:]
began = time.perf_counter()
to = [(os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
_, status, used = os.wait4(os.posix_spawn(command[0], command, os.environ, file_actions=to), 0)
print(json.dumps({"code": os.waitstatus_to_exitcode(status), "seconds": time.perf_counter() - began,
                  "core_seconds": used.ru_utime + used.ru_stime, "peak_gib": used.ru_maxrss / 2**20}))
"""


@dataclass(frozen=True)
class Used:
    """What a command took: its seconds, those of all cores together, GiB of memory at the peak."""

    code: int
    seconds: float
    core_seconds: float
    peak_gib: float


def run(*arguments: str, out: Path = Path("/dev/null"), codes: tuple[int, ...] = (0,)) -> Used:
    """Run harmonize, its output to the file `out`; an exit code that is none of `codes` ends the bench."""
    command = [sys.executable, "-S", "-c", _START, str(out), *HARMONIZE, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    used = Used(**json.loads(done.stdout))
    if used.code not in codes:
        raise SystemExit(f"harmonize {arguments[0]} ended with exit code {used.code}")
    return used
