"""Installs or makes the sets of sets.yaml: python tests/fhir_others/install.py [--to FOLDER] [NAME ...].

FOLDER is HARMONIZE_FHIR_OTHERS, else ~/.cache/midrc-harmonize/fhir-others. Each set becomes a folder of that name; one
that is there is kept. Nothing of it belongs into the repository.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Set:
    """A line of sets.yaml."""

    name: str
    maker: str
    origin: str
    package: str
    run: str | None
    files: tuple[str, ...]


def sets() -> list[Set]:
    """All sets, in the order of the file."""
    told = yaml.safe_load((HERE / "sets.yaml").read_text(encoding="utf-8"))
    return [
        Set(one["name"], one["maker"], one["from"], one["package"], one.get("run"), tuple(one["files"])) for one in told
    ]


def folder() -> Path:
    """Where the sets lie."""
    told = os.environ.get("HARMONIZE_FHIR_OTHERS")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(told) if told else cache / "midrc-harmonize" / "fhir-others"


def install(one: Set, target: Path) -> None:
    """Make a set, in a folder beside its own first, so that half a set is none."""
    with tempfile.TemporaryDirectory(dir=target) as work:
        room, out = Path(work), Path(work) / "out"
        out.mkdir()
        tools = source = room
        if one.origin in ("npm", "node"):
            source = _npm(one, room)
        if one.origin == "sdist":
            source = _sdist(one, room)
        if one.origin == "pypi" or (one.origin == "sdist" and one.run):
            tools = _venv(one, target)
        made = source
        if one.run:
            for helper in (*HERE.glob("*.cjs"), HERE / "ccda.py"):
                shutil.copy(helper, room)
            command = one.run.format(bin=tools, out=out, source=source)
            subprocess.run(command.split(), cwd=room, check=True, stdout=subprocess.DEVNULL)
            made = out
        ready = room / "ready"
        for pattern in one.files:
            for path in sorted(made.glob(pattern)):
                copy = ready / path.relative_to(made)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
        if not ready.exists():
            raise SystemExit(f"{one.name}: {one.package} has no file {' or '.join(one.files)}")
        ready.rename(target / one.name)


def _venv(one: Set, target: Path) -> Path:
    """The programs of a package in an environment of its own, which sets share."""
    home = target / "env" / one.package
    if not home.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin" / "python", "-m", "pip", "install", "--quiet", one.package], check=True)
    return home / "bin"


def _sdist(one: Set, room: Path) -> Path:
    """The unpacked source package; what it would need to be built is of no interest."""
    name = one.package.partition("==")[0]
    command = ["download", "--quiet", "--no-deps", "--no-binary", name, "--dest", room, one.package]
    subprocess.run([sys.executable, "-m", "pip", *command], check=True)
    return _unpacked(next(room.glob("*.tar.gz")), room)


def _npm(one: Set, room: Path) -> Path:
    """A package alone, unpacked; `node`: installed with what it needs."""
    if one.origin == "node":
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", room]
        subprocess.run([*command, one.package], cwd=room, check=True, stdout=subprocess.DEVNULL)
        return room
    subprocess.run(["npm", "pack", "--silent", one.package], cwd=room, check=True, stdout=subprocess.DEVNULL)
    _unpacked(next(room.glob("*.tgz")), room / "packed")
    return room / "packed"


def _unpacked(archive: Path, room: Path) -> Path:
    with tarfile.open(archive) as packed:
        packed.extractall(room, filter="data")
        return room / packed.getnames()[0].split("/")[0]


def main() -> None:
    """Install those that are named and not there, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=folder())
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    for one in sets():
        if (not asked.names or one.name in asked.names) and not (asked.to / one.name).exists():
            install(one, asked.to)
            print(f"{one.name}: {one.package}, {one.maker}")


if __name__ == "__main__":
    main()
