"""The files of an imaging delivery: folders, zips, DICOMDIR file sets. Only archives are opened; nothing is lost."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.open_files import Identity, identity, open_databases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TABLES = (".tsv", ".csv", ".txt", ".xlsx", ".parquet")
"""Endings of files that may be manifests; they are staged as tables."""
_LITTER = frozenset({"__macosx", "thumbs.db", "desktop.ini", ".ds_store"})
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Candidate:
    """A file to be looked at. `name` is what people see (below the path given; `a.zip!b.dcm`), `path` and `member`
    where it is, `stamp` what changes with its content (modification time in ns, of a member its checksum). `reason` is
    the rule that tells why it is not opened at all, `package` the size of the archive that it is in."""

    name: str
    path: str
    member: str | None
    size: int
    stamp: int
    reason: str | None = None
    package: int = 0


def find_images(paths: Sequence[Path]) -> Iterator[Candidate]:
    """Every file below `paths`, once, folder by folder in order of name; a DICOMDIR stands for its folder.

    Links to folders are followed once; what cannot be entered or read is a candidate with the reason. Raises InputError
    for a path that does not exist.
    """
    seen: set[Identity] = set()
    # A store in the folder of its own delivery would lose its lock by being opened, and is no image.
    databases = open_databases()
    for path in paths:
        if not path.exists():
            raise InputError(f"{path}: no such file or folder.", "Check the path.")
        root = path.parent if path.is_file() and path.name.upper() == "DICOMDIR" else path
        for found in _folder(root, root, seen) if root.is_dir() else _file(root, root.name, seen):
            if not databases or identity(Path(found.path)) not in databases:
                yield found


def _folder(folder: Path, root: Path, seen: set[Identity]) -> Iterator[Candidate]:
    shown = folder.relative_to(root).as_posix()
    try:
        state = folder.stat()
        key = (state.st_dev, state.st_ino)
        if key in seen:
            yield Candidate(f"{shown}/", str(folder), None, 0, 0, "link_repeated")
            return
        seen.add(key)
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:  # a loop of links without an end among them
        yield Candidate(f"{shown}/", str(folder), None, 0, 0, _reason(error))
        return
    for entry in found:
        if entry.name.lower() in _LITTER:
            continue
        path = folder / entry.name
        if path.is_dir():
            yield from _folder(path, root, seen)
        else:
            yield from _file(path, path.relative_to(root).as_posix(), seen)


def _file(path: Path, name: str, seen: set[Identity]) -> Iterator[Candidate]:
    try:
        state = path.stat()
    except OSError as error:
        yield Candidate(name, str(path), None, 0, 0, _reason(error))
        return
    if not path.is_file():
        yield Candidate(name, str(path), None, 0, 0, "special_file")
        return
    key = (state.st_dev, state.st_ino)
    if key in seen:
        yield Candidate(name, str(path), None, state.st_size, 0, "link_repeated")
        return
    seen.add(key)
    if name.lower().endswith(".zip"):
        yield from _zip(path, name, state.st_size)
    else:
        yield Candidate(name, str(path), None, state.st_size, state.st_mtime_ns)


def _zip(path: Path, name: str, size: int) -> Iterator[Candidate]:
    """The members of an archive. They are read where they are and never unpacked, so that no name can escape."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(archive.infolist(), key=lambda info: info.filename)
    except PermissionError:
        yield Candidate(name, str(path), None, size, 0, "no_permission")
        return
    except (zipfile.BadZipFile, OSError, ValueError):
        yield Candidate(name, str(path), None, size, 0, "empty_file" if size == 0 else "damaged_archive")
        return
    for member in members:
        if member.is_dir() or any(part.lower() in _LITTER for part in member.filename.split("/")):
            continue
        reason = "encrypted_archive" if member.flag_bits & _ENCRYPTED else None
        yield Candidate(
            f"{name}!{member.filename}", str(path), member.filename, member.file_size, member.CRC, reason, size
        )


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "no_permission"
    return "file_gone" if isinstance(error, FileNotFoundError) else "read_error"
