"""checksums.sha256 of a release: a line for each file, as sha256sum writes it, and a last one for the lines above."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from harmonize.engine.files import sha256_of

if TYPE_CHECKING:
    from pathlib import Path

NAME = "checksums.sha256"
_OWN = "# these lines: "


def files_of(folder: Path) -> list[str]:
    """Every file below the folder but the sums themselves, by its path there."""
    found = (
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()
    )
    return sorted(name for name in found if name != NAME)


def write_sums(folder: Path) -> str:
    """Write the sums; their own sha256."""
    lines = "".join(f"{sha256_of(folder / name)}  {name}\n" for name in files_of(folder))
    own = hashlib.sha256(lines.encode()).hexdigest()
    (folder / NAME).write_text(f"{lines}{_OWN}{own}\n", encoding="utf-8")
    return sha256_of(folder / NAME)


def wrong_sums(folder: Path) -> list[str]:
    """What of the folder is not as its sums say, each in a sentence."""
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return [f"{NAME} is missing or no text."]
    body, _, own = text.rpartition(_OWN)
    if own != hashlib.sha256(body.encode()).hexdigest() + "\n":
        return [f"{NAME} was changed."]
    told = {name: digest for digest, _, name in (line.partition("  ") for line in body.splitlines())}
    there = files_of(folder)
    problems = [f"{name} is missing." for name in told if name not in there]
    problems += [f"{name} is no file of the release." for name in there if name not in told]
    for name in there:
        path = folder / name
        if name in told and (path.is_symlink() or not path.is_file() or sha256_of(path) != told[name]):
            problems.append(f"{name} was changed.")
    return problems
