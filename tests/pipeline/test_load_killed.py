"""A load that is killed has not been, leaves no cell of a patient behind, and can be repeated."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hospital import HOSPITAL, PATIENTS, STAYS

REPOSITORY = Path(__file__).parent.parent.parent
TOKEN = "219-09-9999"
KILLED = """
import os, signal, sys
from harmonize.pipeline.load import load
from harmonize.pipeline.stores import open_current

def progress(step):
    if step == sys.argv[4]:
        os.kill(os.getpid(), signal.SIGKILL)

with open_current(sys.argv[1], create=True) as store:
    load(store, [sys.argv[2]], source="ehr", mapping=sys.argv[3], project="H", progress=progress)
"""


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("is_new", [True, False], ids=["first load", "later load"])
@pytest.mark.parametrize("step", ["compare with what is loaded", "commit"])
def test_a_load_that_is_killed(tmp_path: Path, empty_store: Path, step: str, is_new: bool) -> None:
    home, delivery, work = tmp_path / "home", tmp_path / "delivery", tmp_path / "work"
    for folder in (home, delivery, work):
        folder.mkdir()
    store = home / "study.duckdb"
    if not is_new:
        shutil.copy(empty_store, store)
    (delivery / "patient.csv").write_text(PATIENTS)
    # a key that is refused, a quoted cell that only the exact reader reads
    (delivery / "stay.csv").write_text(STAYS + f's3,p1,"said ""x"" {TOKEN}",2021-05-05,,\n')
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(work)}
    arguments = [str(store), str(delivery), str(HOSPITAL)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments, step], env=environment, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    left = files(home)
    assert not [name for name, content in left.items() if TOKEN.encode() in content]
    # the next command takes away what the killed one left, and does its work
    arguments = ["load", str(delivery), "--source", "ehr", "--mapping", str(HOSPITAL), "--project", "H"]
    command = [sys.executable, "-m", "harmonize", "-q", *arguments, "--db", str(store)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert "6 records in 2 files" in done.stdout, done.stderr
    assert list(files(home)) == ["study.duckdb", "study.duckdb.audit-heads", "study.duckdb.audit-key"]
    assert files(work) == {}
