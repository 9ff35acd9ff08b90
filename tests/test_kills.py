"""A few random kills of every command that writes; benchmarks/kills.py has more of them (docs/reliability.md)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def test_a_killed_command_can_be_typed_again() -> None:
    script = REPOSITORY / "benchmarks" / "kills.py"
    done = subprocess.run(
        [sys.executable, str(script), "--times", "7", "--seed", "1"], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 kills, seed 1: 0 did not hold" in done.stdout
