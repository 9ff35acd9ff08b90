"""Kill commands at random moments: python benchmarks/kills.py [--times 200] [--seed 1].

Each command runs once undisturbed. Then it is begun again and again and killed (SIGKILL, and all that it started) after
a random part of the time that it took. What must hold each time: the same command, typed again, does its work; the
store then has what it has after an undisturbed run; nothing else lies beside the store or among temporary files.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from harmonize.export.diff import diff

REPOSITORY = Path(__file__).resolve().parents[1]
INPUTS = REPOSITORY / "tests" / "store_versions" / "inputs"
HARMONIZE = (sys.executable, "-c", "from harmonize.cli.main import run; run()", "-q")
_HOSPITAL = ("--source", "ehr", "--mapping", "hospital")
_CONCEPT = (
    "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\tconcept_code\t"
    "valid_start_date\tvalid_end_date\tinvalid_reason\n"
    "8507\tMALE\tGender\tGender\tGender\tS\tM\t19700101\t20991231\t\n"
)


@dataclass(frozen=True)
class Command:
    """A command that is killed, and those before it that make the store which it finds."""

    name: str
    killed: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()


_A = (("project", "set", "A", "--time", "as_is", "--shifted-by-source"), ("load", "a", *_HOSPITAL, "--project", "A"))
_LATER = ("load", "a_corrected", *_HOSPITAL, "--project", "A")
COMMANDS = (
    Command("first load", ("load", "batch", "--source", "gen3", "--project", "Open-R1")),
    Command("load", _LATER, _A),
    Command("load FHIR", ("load", "fhir", "--source", "fhir", "--project", "F"), _A),
    Command("link", ("link",), (("load", "batch", "--source", "gen3", "--project", "Open-R1"),)),
    Command("publish", ("publish", "--to", "{home}/published.duckdb", "--key-file", "{home}/key"), (*_A, _LATER)),
    Command("vocabulary", ("vocabulary", "load", "{work}/athena"), _A),
    Command("withdraw", ("submission", "withdraw", "2"), (*_A, _LATER)),
)


def main() -> None:
    """Kill, and print a table by command; the exit code is 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    counts: Counter[tuple[str, str]] = Counter()
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        trials = {command: Trial(Path(folder) / command.name.replace(" ", "-"), command) for command in COMMANDS}
        while (killed := sum(count for (_, ended), count in counts.items() if ended == "killed")) < asked.times:
            trial = trials[COMMANDS[killed % len(COMMANDS)]]
            ended, said = trial.kill(draw.random())
            counts[trial.command.name, ended] += 1
            faults += [f"{killed} {trial.command.name}: {fault}" for fault in said]
    print(f"{'command':<12}{'killed':>8}{'done before':>14}")
    for command in COMMANDS:
        print(f"{command.name:<12}{counts[command.name, 'killed']:>8}{counts[command.name, 'done']:>14}")
    print(f"{asked.times} kills, seed {asked.seed}: {len(faults)} did not hold")
    if faults:
        sys.exit("\n".join(faults))


class Trial:
    """One command: the store that it finds, what it makes of it undisturbed, and how long that takes."""

    def __init__(self, folder: Path, command: Command) -> None:
        self.folder, self.command = folder, command
        self.base, self.whole = folder / "base", folder / "whole"
        athena = folder / "work" / "athena"
        athena.mkdir(parents=True)
        (athena / "CONCEPT.csv").write_text(_CONCEPT, encoding="utf-8")
        self._run_undisturbed()

    def _run_undisturbed(self) -> None:
        self.day = date.today()
        for folder in (self.base, self.whole):
            shutil.rmtree(folder, ignore_errors=True)
        self.base.mkdir()
        for step in self.command.before:
            self._run(self.base, step)
        shutil.copytree(self.base, self.whole)
        began = time.perf_counter()
        self._run(self.whole, self.command.killed)
        self.seconds = time.perf_counter() - began

    def kill(self, part: float) -> tuple[str, list[str]]:
        """Kill the command after this part of its time and type it again: how it ended, and what does not hold."""
        result = self._kill(part)
        if self.day != date.today():  # a store says on which day it was made
            self._run_undisturbed()
            result = self._kill(part)
        return result

    def _kill(self, part: float) -> tuple[str, list[str]]:
        home, temporary = self.folder / "home", self.folder / "temporary"
        for folder in (home, temporary):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.base, home)
        temporary.mkdir()
        begun = self._begin(home, self.command.killed, temporary)
        try:
            begun.wait(part * self.seconds)
            ended = "done"
        except subprocess.TimeoutExpired:
            os.killpg(begun.pid, signal.SIGKILL)
            begun.wait()
            ended = "killed"
        if ended == "done" and self.command.name == "withdraw":
            return ended, self._wrong(home, temporary)  # a submission is withdrawn once
        again = self._begin(home, self.command.killed, temporary)
        _, said = again.communicate()
        if again.returncode not in (0, 1) and "was withdrawn already" not in said:
            return ended, [f"ended with {again.returncode} when typed again: {said.strip()}"]
        return ended, self._wrong(home, temporary)

    def _wrong(self, home: Path, temporary: Path) -> list[str]:
        faults = [f"{path.name} lies among temporary files" for path in temporary.iterdir()]
        names = {path.name for path in home.iterdir()}
        if extra := names ^ {path.name for path in self.whole.iterdir()}:
            faults.append(f"beside the store: {', '.join(sorted(extra))}")
        differing = [table.table for table in diff(home / "s.duckdb", self.whole / "s.duckdb") if table.differs]
        if differing:
            faults.append(f"the store differs in {', '.join(differing)}")
        return faults

    def _run(self, home: Path, step: tuple[str, ...]) -> None:
        begun = self._begin(home, step, self.folder)
        _, said = begun.communicate()
        if begun.returncode not in (0, 1):
            sys.exit(f"harmonize {' '.join(step)} ended with {begun.returncode}: {said}")

    def _begin(self, home: Path, step: tuple[str, ...], temporary: Path) -> subprocess.Popen[str]:
        places = {"home": str(home), "work": str(self.folder / "work")}
        return subprocess.Popen(
            [*HARMONIZE, *(part.format(**places) for part in step)],
            cwd=INPUTS,
            env={**os.environ, "HARMONIZE_DB": str(home / "s.duckdb"), "TMPDIR": str(temporary)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


if __name__ == "__main__":
    main()
