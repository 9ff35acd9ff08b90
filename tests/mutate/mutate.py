"""`make mutate`: would the tests notice? Plants faults one at a time, runs the tests that read the file, counts.

    python tests/mutate/mutate.py [--seconds 3600] [--seed 1] [--area sql/linked ...] [--each 20] [--report]

A fault is killed when a test fails or does not end, and invalid when the database does not take the statement at all.
What was tried is kept in .mutate/results.jsonl, so that the next run goes on; --report writes the sums into
docs/tests.md and lists what survived. The tests of a statement are those that asked for it when `make test` ran last
(.mutate/used), the quickest of each test file first; those of a module or a value set are the ones of its folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from faults import Fault, python_faults, sql_faults, value_set_faults

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".mutate"
COPIED = ("harmonize", "sql", "mappings", "schemas", "tests", "benchmarks", "docs")
INVALID = re.compile(
    r"(Parser|Binder|Catalog|Syntax) ?(Error|Exception)|SyntaxError|NameError|InternalError: .*is no step", re.I
)
TESTS = 14
"""At most so many tests for one fault,"""
SECONDS = 60.0
"""and no more of them than take so long."""
MINUTES = 4
"""When a fault that goes on for ever is given up, and counts as killed."""
PAGE = ROOT / "docs" / "tests.md"
BEGIN, END = "<!-- mutate -->", "<!-- /mutate -->"


@dataclass(frozen=True)
class Planted:
    """A fault of a file; its key is the same as long as the file is."""

    file: str
    fault: Fault
    digest: str

    @property
    def area(self) -> str:
        """The folder under which it is counted: sql/steps/eras, mappings/fhir, harmonize/export."""
        depth = (
            3 if self.file.startswith(("sql/steps/", "sql/validation/", "mappings/ehr/", "mappings/consortia/")) else 2
        )
        return "/".join(self.file.split("/")[:depth]) if self.file.count("/") >= depth else self.file.rpartition("/")[0]

    @property
    def key(self) -> str:
        """What it is known by in the results."""
        told = f"{self.file}|{self.digest}|{self.fault.start}|{self.fault.end}|{self.fault.new}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def all_faults() -> list[Planted]:
    """Every fault of sql/, of the value sets of mappings/, and of harmonize/."""
    found = []
    for kind, suffix, faults in (
        ("sql", ".sql", sql_faults), ("mappings", ".tsv", value_set_faults), ("harmonize", ".py", python_faults),
    ):  # fmt: skip
        for path in sorted((ROOT / kind).rglob(f"*{suffix}")):
            if "ddl" in path.parts or "cli" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            digest = hashlib.sha256(text.encode()).hexdigest()[:12]
            name = path.relative_to(ROOT).as_posix()
            found += [Planted(name, fault, digest) for fault in faults(text)]
    return found


def readers() -> dict[str, list[tuple[float, str]]]:
    """File of sql/ → (seconds, test) of the tests that asked for it."""
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for file in (KEPT / "used").glob("*.tsv"):
        for line in file.read_text(encoding="utf-8").splitlines():
            seconds, test, names = line.split("\t")
            for name in names.split():
                found[f"sql/{name}.sql"].append((float(seconds), test))
    return found


def tests_of(planted: Planted, known: dict[str, list[tuple[float, str]]]) -> list[str]:
    """The tests to run for a fault: of each test file the quickest, then the next, as long as there is time."""
    if planted.file.startswith("sql/"):
        by_file: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for one in sorted(known.get(planted.file, ())):
            by_file[one[1].partition("::")[0]].append(one)
        rounds = [some[number] for number in range(TESTS) for some in sorted(by_file.values()) if number < len(some)]
        chosen, spent = [], 0.0
        for seconds, test in rounds[:TESTS]:
            if not chosen or spent + seconds <= SECONDS:
                chosen.append(test)
                spent += seconds
        return chosen
    if planted.file.startswith("mappings/"):
        folder = "/".join(planted.file.split("/")[1:-1]).removesuffix("/value_sets")
        cases = ROOT / "tests" / "cases" / folder
        return ["tests/mappings", *(["tests/cases", "-k", folder] if cases.is_dir() else [])]
    module = Path(planted.file).relative_to("harmonize")
    mirrored = ROOT / "tests" / module.parent
    own = sorted(mirrored.glob(f"test*{module.stem}*.py")) or sorted(mirrored.glob("test_*.py"))
    return [path.relative_to(ROOT).as_posix() for path in own]


def outcome(planted: Planted, tests: list[str], home: Path) -> tuple[str, str]:
    """(killed, survived, invalid or untested; the first line that says why) of a fault in the copy `home`."""
    if not tests:
        return "untested", ""
    path = home / planted.file
    text = path.read_text(encoding="utf-8")
    path.write_text(planted.fault.planted(text), encoding="utf-8")
    environment = {
        **os.environ, "PYTHONPATH": f"{home}{os.pathsep}{home / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1",
        "XDG_CACHE_HOME": str(home / ".cache"),
    }  # fmt: skip
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:randomly"]
    try:
        done = subprocess.run(
            [*command, *tests], cwd=home, env=environment, capture_output=True, text=True, timeout=60 * MINUTES
        )
    except subprocess.TimeoutExpired:
        return "killed", "it does not end"
    finally:
        path.write_text(text, encoding="utf-8")
    if done.returncode == 0:
        return "survived", ""
    failed = next((line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))), "")
    return ("invalid" if INVALID.search(done.stdout) else "killed"), failed[:200]


def copy(folder: Path) -> Path:
    """A copy of the checkout to plant faults in."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "CHANGELOG.md", "Makefile", "mkdocs.yml", "CONTRIBUTING.md"):
        shutil.copy(ROOT / file, folder / file)
    return folder


def results() -> dict[str, dict[str, str]]:
    """What was tried so far, by key."""
    file = KEPT / "results.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {told["key"]: told for told in map(json.loads, lines)}


def chosen(every: list[Planted], areas: list[str], each: int, seed: int) -> Iterator[Planted]:
    """A random sample, an area after the other, one of each file before a second of any."""
    by_area: dict[str, list[Planted]] = defaultdict(list)
    for one in every:
        if not areas or any(one.file.startswith(area) for area in areas):
            by_area[one.area].append(one)
    drawn = []
    for area in sorted(by_area):
        source = random.Random(f"{seed}|{area}")
        some = by_area[area]
        source.shuffle(some)
        seen: dict[str, int] = defaultdict(int)
        ranked = []
        for one in some:
            ranked.append((seen[one.file], len(ranked), one))
            seen[one.file] += 1
        drawn.append([one for _, _, one in sorted(ranked, key=lambda entry: entry[:2])[:each]])
    for number in range(each):
        yield from (some[number] for some in drawn if number < len(some))


def run(every: list[Planted], arguments: argparse.Namespace) -> None:
    """Plant faults until the time is over, in two processes."""
    known, tried, until = readers(), results(), time.monotonic() + arguments.seconds
    waiting = [one for one in chosen(every, arguments.area, arguments.each, arguments.seed) if one.key not in tried]
    with (
        tempfile.TemporaryDirectory(prefix="harmonize-mutate-") as work,
        ThreadPoolExecutor(arguments.processes) as pool,
    ):
        homes: Queue[Path] = Queue()
        for number in range(arguments.processes):
            (home := Path(work) / str(number)).mkdir()
            homes.put(copy(home))

        def one(planted: Planted) -> None:
            if time.monotonic() > until:
                return
            home = homes.get()
            try:
                what, why = outcome(planted, tests_of(planted, known), home)
            finally:
                homes.put(home)
            line = (ROOT / planted.file).read_text(encoding="utf-8")[: planted.fault.start].count("\n") + 1
            told = {
                "key": planted.key, "area": planted.area, "file": planted.file, "line": line,
                "kind": planted.fault.kind, "new": planted.fault.new[:80], "outcome": what, "why": why,
            }  # fmt: skip
            with (KEPT / "results.jsonl").open("a", encoding="utf-8") as out:
                out.write(json.dumps(told) + "\n")
            print(f"{what:9} {planted.file}:{line} {planted.fault.kind} {planted.fault.new[:40]!r}", flush=True)

        list(pool.map(one, waiting))


def report(every: list[Planted]) -> str:
    """The sums by area, of faults that the files still allow, as a Markdown table; then what survived."""
    valid = {one.key for one in every}
    told = [one for key, one in results().items() if key in valid]
    areas: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in told:
        areas[one["area"]][one["outcome"]] += 1
    lines = ["| area | planted | killed | survived | of no test |", "|---|--:|--:|--:|--:|"]
    for area, sums in sorted(areas.items()):
        killed, survived, untested = (sums[what] for what in ("killed", "survived", "untested"))
        total = killed + survived + untested
        if total:
            lines.append(f"| {area} | {total} | {killed} ({100 * killed / total:.0f} %) | {survived} | {untested} |")
    total = sum(one["outcome"] != "invalid" for one in told)
    killed = sum(one["outcome"] == "killed" for one in told)
    share = f"{100 * killed / total:.0f} %" if total else "none planted"
    return "\n".join([f"Killed: {killed} of {total} ({share}).", "", *lines])


def main() -> None:
    """Run, then print what survived; with --report write the sums into docs/tests.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3_600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--area", action="append", default=[], help="Only files whose path begins so (repeatable).")
    parser.add_argument("--each", type=int, default=20, help="At most so many faults an area.")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--report", action="store_true", help="Write the sums into docs/tests.md.")
    arguments = parser.parse_args()
    KEPT.mkdir(exist_ok=True)
    if not list((KEPT / "used").glob("*.tsv")):
        sys.exit("It is not known which test reads which statement: run `make test` first.")
    every = all_faults()
    run(every, arguments)
    text = report(every)
    print(text)
    for one in results().values():
        if one["outcome"] == "survived":
            print(f"survived: {one['file']}:{one['line']} {one['kind']} {one['new']!r}")
    if arguments.report:
        page = PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
