"""Releases that may be downloaded: each a folder below `releases` of the data folder, told by its release.json.

A folder is what `harmonize release build` makes. Nothing here changes one; a file is found by walking the folder, so
that no name from outside becomes a path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.service.problems import not_found

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harmonize.service.settings import Settings

ABOUT, SUMS = "release.json", "checksums.sha256"
SEQUESTERED = "sequestered"
"""What lies in a folder of this name is not for download."""
_PAGES = (".html", ".htm")


@dataclass(frozen=True)
class ReleaseFile:
    """A file of a release, by its path in the folder."""

    name: str
    size: int
    sha256: str | None

    @property
    def is_page(self) -> bool:
        """Whether a browser shows it, as the data dictionary."""
        return self.name.endswith(_PAGES)


@dataclass(frozen=True)
class Release:
    """A release: `name` is that of its folder, `about` what its release.json says."""

    name: str
    project: str
    version: str
    about: dict[str, Any]
    files: tuple[ReleaseFile, ...]

    @property
    def size(self) -> int:
        """In bytes, of all files."""
        return sum(file.size for file in self.files)

    @property
    def dictionary(self) -> str | None:
        """The page of the data dictionary."""
        return next((one.name for one in self.files if one.is_page and "dictionary" in one.name.lower()), None)


def read_release(folder: Path) -> Release | None:
    """What a folder holds; None where it is no finished release."""
    try:
        about = orjson.loads((folder / ABOUT).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    if not isinstance(about, dict):
        return None
    sums = _sums(folder)
    files = tuple(ReleaseFile(name, path.stat().st_size, sums.get(name)) for name, path in _files(folder))
    return Release(
        folder.name,
        str(about.get("project") or folder.name),
        str(about.get("version") or ""),
        about,
        files,
    )


def releases(settings: Settings) -> list[Release]:
    """All that may be downloaded, by name."""
    if not settings.releases.is_dir():
        return []
    folders = sorted(one for one in settings.releases.iterdir() if one.is_dir() and not one.name.startswith("."))
    return [found for folder in folders if (found := read_release(folder)) is not None]


def release(settings: Settings, name: str) -> Release:
    """One of them. Raises Problem 404."""
    found = next((one for one in releases(settings) if one.name == name), None)
    if found is None:
        raise not_found()
    return found


def file_of(settings: Settings, name: str, file: str) -> Path:
    """A file of a release. Raises Problem 404."""
    folder = settings.releases / release(settings, name).name
    found = next((path for known, path in _files(folder) if known == file), None)
    if found is None:
        raise not_found()
    return found


def notices(settings: Settings) -> list[tuple[str, str]]:
    """The notices to downloaders of what was withdrawn since: name and text."""
    folder = settings.store.with_name(settings.store.name + ".notices")
    paths = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    return [(path.name, path.read_text(encoding="utf-8")) for path in paths]


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files that may be taken; a link leads nowhere, and what is sequestered stays."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_link = any(folder.joinpath(*parts[: at + 1]).is_symlink() for at in range(len(parts)))
        if path.is_file() and not is_link and SEQUESTERED not in parts:
            yield "/".join(parts), path


def _sums(folder: Path) -> dict[str, str]:
    """By file, as sha256sum writes them."""
    path = folder / SUMS
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    pairs = (line.split(maxsplit=1) for line in lines)
    return {pair[1].lstrip("*").removeprefix("./"): pair[0] for pair in pairs if len(pair) == 2}
