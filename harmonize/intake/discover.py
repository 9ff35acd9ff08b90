"""Find the files of a delivery (files, folders, zip, gz), say what each is and why, and hash them."""

from __future__ import annotations

import atexit
import gzip
import hashlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.open_files import identity, open_databases
from harmonize.engine.text_file import check_name
from harmonize.engine.work_folder import make_work_folder
from harmonize.intake.recognise import HEAD_BYTES, recognise, sheets
from harmonize.intake.source_file import SourceFile
from harmonize.intake.table.mdai import COLLECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_MEMBERS = 10_000
MAX_UNPACKED_BYTES = 64 * 2**30
_JUNK = frozenset(
    {
        "__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db",
        "export_loss.tsv", "export_exceptions.tsv",  # what `harmonize export gen3` writes beside a batch
    }
)  # fmt: skip
_BLOCK = 1 << 20


class _Unpacker:
    """Unpacks archives to numbered files of a private folder, so that no member's name can escape it."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.count = 0
        self.bytes = 0
        self.databases = open_databases()
        """Files that are not opened: a store in the folder of its own delivery would lose its lock by that."""

    def check_room(self, size: int, name: str) -> None:
        """Refuse an archive that says itself that it is too large, before anything of it is unpacked."""
        free = shutil.disk_usage(tempfile.gettempdir()).free
        if size > min(free, MAX_UNPACKED_BYTES):
            raise InputError(
                f"{name}: unpacked, it takes {size / 2**30:,.1f} GiB; {min(free, MAX_UNPACKED_BYTES) / 2**30:,.1f} GiB "
                "are allowed or free.",
                "Unpack it yourself and give the folder.",
            )

    def write(self, stream: IO[bytes] | gzip.GzipFile, name: str) -> Path:
        """Copy a stream to a file of its own, within the bounds of number and total size."""
        if self.folder is None:
            self.folder = make_work_folder("intake")
            atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.count += 1
        if self.count > MAX_MEMBERS:
            raise InputError(f"{name}: the delivery holds more than {MAX_MEMBERS:,} packed files.")
        path = self.folder / f"{self.count:05d}"
        try:
            with path.open("wb") as out:
                while block := stream.read(_BLOCK):
                    self.bytes += len(block)
                    if self.bytes > MAX_UNPACKED_BYTES:
                        raise InputError(
                            f"{name}: unpacked, it is larger than {MAX_UNPACKED_BYTES / 2**30:.0f} GiB.",
                            "Unpack it yourself and give the folder.",
                        )
                    out.write(block)
        except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error, NotImplementedError, ValueError) as error:
            raise InputError(f"{name}: the archive is damaged ({error}).", "Send the file again.") from error
        except RuntimeError as error:  # what zipfile raises for an encrypted member
            raise InputError(f"{name}: cannot be unpacked ({error}).", "Send it without a password.") from error
        return path


def discover(paths: Sequence[Path]) -> list[SourceFile]:
    """All files below `paths` in order of name; archives unpacked, workbooks one entry a sheet that holds
    cells.

    Raises InputError for a missing or unreadable path, a folder without files, a damaged, nested or oversized
    archive.
    """
    unpacker = _Unpacker()
    found: list[tuple[Path, SourceFile]] = []
    seen: set[Path] = set()
    for path in paths:
        check_name(path)
        try:
            if not path.exists():
                raise InputError(f"{path}: no such file or folder.", "Check the path.")
            resolved = path.resolve()
            if resolved in seen:
                continue
            seen.add(resolved)
            files = list(_folder(path, seen, unpacker) if path.is_dir() else _expand(path, path.name, unpacker))
        except PermissionError as error:
            raise InputError(f"{error.filename or path}: may not be read ({error.strerror}).") from error
        if all(file.format == "skipped" for file in files):
            raise InputError(f"{path}: the folder or archive holds no file to read.", "Check the path.")
        found += [(path, file) for file in files]
    return _unique(found)


def _folder(folder: Path, seen: set[Path], unpacker: _Unpacker) -> Iterator[SourceFile]:
    for here, folders, names in os.walk(folder, onerror=_refuse):
        base, behind = Path(here), _target(Path(here))
        for name in sorted(folders):
            check_name(base / name)
            if _is_junk(name):
                yield _skipped(base / name, f"{(base / name).relative_to(folder)}/", "a hidden or system folder")
        folders[:] = sorted(name for name in folders if not _is_junk(name))
        for name in sorted(names):
            path = base / name
            shown = path.relative_to(folder).as_posix()
            check_name(path)
            if _is_junk(name):
                yield _skipped(path, shown, "a hidden or system file")
            elif (target := _target(path) if path.is_symlink() else behind / name) not in seen:
                seen.add(target)
                yield from _expand(path, shown, unpacker)


def _refuse(error: OSError) -> None:
    """A folder that cannot be looked into is not passed over."""
    raise error


def _target(path: Path) -> Path:
    """The file behind links; a link to nowhere or to itself stands for itself, and is told as no regular file."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # Python before 3.13 tells a loop of links as RuntimeError
        return path.absolute()


def _expand(path: Path, name: str, unpacker: _Unpacker, inside: bool = False) -> Iterator[SourceFile]:
    """The files that one file stands for: itself, the members of a zip, the content of a gz, the sheets of
    a book.
    """
    if not path.is_file():
        yield SourceFile(name, path, 0, "", "unknown", "It is not a regular file.")
        return
    if identity(path) in unpacker.databases:
        yield _skipped(path, name, "a database that is open here, such as the store itself")
        return
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    kind, why = recognise(path, name, head)
    if kind == "zip":
        if inside:
            raise InputError(f"{name}: an archive inside an archive is not read.", "Unpack the outer archive first.")
        yield from _zip(path, name, unpacker)
    elif kind == "gz":
        with gzip.open(path) as stream:
            content = unpacker.write(stream, name)
        for file in _expand(content, name[:-3] if name.lower().endswith(".gz") else name, unpacker, True):
            yield replace(file, name=name + file.name[len(name) - 3 :] if file.sheet else name)
    else:
        size = path.stat().st_size
        sha256 = hashlib.sha256(head).hexdigest() if size == len(head) else _sha256(path)
        file = SourceFile(name, path, size, sha256, kind, why)
        if kind == "mdai":
            for sheet in COLLECTIONS:
                yield replace(file, name=f"{name}#{sheet}", sheet=sheet)
            return
        names = sheets(path, name) if kind == "xlsx" else []
        if len(names) == 1:
            yield replace(file, sheet=names[0])
        elif names:
            for sheet in names:
                yield replace(file, name=f"{name}#{sheet}", sheet=sheet, why=f"{why} Sheet {sheet!r}.")
        elif kind == "xlsx":
            yield replace(file, format="unknown", why="An Excel workbook in which no sheet holds a cell.")
        else:
            yield file


def _zip(path: Path, name: str, unpacker: _Unpacker) -> Iterator[SourceFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError) as error:
        raise InputError(f"{name}: the archive is damaged ({error}).", "Send the file again.") from error
    with archive:
        unpacker.check_room(sum(info.file_size for info in archive.infolist()), name)
        for member in sorted(archive.infolist(), key=lambda info: info.filename):
            if member.is_dir():
                continue
            shown = f"{name}!{member.filename}"
            if any(_is_junk(part) for part in member.filename.split("/") if part not in ("", ".", "..")):
                yield SourceFile(shown, path, member.file_size, "", "skipped", "Skipped: a hidden or system file.")
                continue
            try:
                with archive.open(member) as stream:
                    content = unpacker.write(stream, shown)
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError) as error:
                raise InputError(f"{shown}: cannot be unpacked ({error}).", "Send it unpacked.") from error
            yield from _expand(content, shown, unpacker, inside=True)


def _is_junk(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _JUNK


def _skipped(path: Path, name: str, what: str) -> SourceFile:
    size = path.stat().st_size if path.is_file() else 0
    return SourceFile(name, path, size, "", "skipped", f"Skipped: {what}.")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unique(found: list[tuple[Path, SourceFile]]) -> list[SourceFile]:
    """Names tell files apart: where two paths given hold the same name, the path as given goes before it."""
    count = Counter(file.name for _, file in found)
    files = []
    for path, file in found:
        if count[file.name] > 1:
            given = path if path.is_dir() else path.parent
            file = replace(file, name=(given / file.name).as_posix())
        files.append(file)
    return files
