"""The steps by which every store of this folder is made: the same commands on the same invented files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
INPUTS = FOLDER / "inputs"
NEGATIVE = 1
"""Exit code of a load that has findings; some of the inputs have some."""


def commands() -> list[list[str]]:
    """The command lines of steps.txt, without the store's name."""
    return [line.split() for line in (FOLDER / "steps.txt").read_text(encoding="utf-8").splitlines()]


def make_store(path: Path, code: Path) -> None:
    """Make the store `path` by the steps, with the package in the folder `code`. Raises CalledProcessError."""
    environment = {**os.environ, "PYTHONPATH": str(code), "HARMONIZE_DB": str(path)}
    for command in commands():
        done = subprocess.run([sys.executable, "-m", "harmonize", "-q", *command], cwd=INPUTS, env=environment)
        if done.returncode not in (0, NEGATIVE):
            done.check_returncode()
