"""The command line's start: `harmonize --help`, beside a bare start of the same Python."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

REPEATS = 5


def measure(_folder: Path) -> dict[str, float]:
    """Seconds of the fastest of some starts."""
    return {
        "help_seconds": _fastest("from harmonize.cli.main import main; main(['--help'])"),
        "bare_python_seconds": _fastest("pass"),
    }


def _fastest(code: str) -> float:
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - began)
    return min(seconds)
