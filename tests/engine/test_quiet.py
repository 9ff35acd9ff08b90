"""What libraries tell programmers reaches no terminal."""

from __future__ import annotations

import subprocess
import sys

import pytest

from harmonize.engine.workers import in_processes

TOLD = """
import logging, warnings
def tell():
    logging.getLogger("library").warning("\\x1b[2J")
    warnings.warn("\\x1b[2J")
"""
RUN = f"{TOLD}\nfrom harmonize.cli import main\nmain.main = tell\nmain.run()"


def test_the_command_is_quiet() -> None:
    done = subprocess.run([sys.executable, "-c", RUN], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_programmer_who_asks_is_told() -> None:
    done = subprocess.run([sys.executable, "-W", "always", "-c", RUN], capture_output=True)
    assert done.stderr.count(b"\x1b") == 2


@pytest.mark.parametrize("function", ["warnings:warn", "logging:warning"])
def test_other_processes_are_quiet(function: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert len(list(in_processes(function, ["library"], count=1))) == 1
    assert capfd.readouterr() == ("", "")
