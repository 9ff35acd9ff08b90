"""The header of one file of a delivery: DICOM, DICOMweb JSON or NIfTI; or why it has none. Pixels are never read."""

from __future__ import annotations

import gzip
import struct
import zipfile
import zlib
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from harmonize.intake.dicom.elements import Wanted, read_elements
from harmonize.intake.dicom.found import Found, Place, finish
from harmonize.intake.recognise import what_else

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = 128 * 1024
"""Bytes that are read at first; most headers end before."""
LONGEST_ELEMENT = 1 << 20
"""Longer elements are not read but skipped."""
LONGEST_JSON = 256 * 2**20
LONGEST_DEFLATED = 64 * 2**20
"""Of a deflated file so much is looked at, as sent and as unpacked."""
_FAILED = frozenset({"truncated_header", "broken_header"})
_PIXELS = 0x7FE00008
_DELIMITERS = 0xFFFE
_FIRST = 0x00080000
_PIXEL_TAGS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_MEDIA_DIRECTORY = "1.2.840.10008.1.3.10"
_TRANSFER_SYNTAX = 0x00020010
_MEDIA_CLASS = 0x00020002
_IMPLICIT = "1.2.840.10008.1.2"
_DEFLATED = "1.2.840.10008.1.2.1.99"
_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_UNDEFINED = 0xFFFFFFFF
# Groups with which a header begins that has no preamble, in both orders of bytes.
_BARE_STARTS = (b"\x02\x00", b"\x08\x00", b"\x00\x08")


class _Truncated(Exception):
    """The bytes end before the header does."""


class _Impossible(Exception):
    """An element's value representation is none, so that nothing after it can be read; the text says which."""


def read_place(place: Place, wanted: Wanted) -> list[Found]:
    """What the file gives. Never raises for what a file holds: that is a reason."""
    try:
        return _read(place, wanted)
    except PermissionError:
        return [Found("no_permission")]
    except FileNotFoundError:
        return [Found("file_gone")]
    except (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, EOFError, NotImplementedError, UnicodeError):
        return [Found("damaged_archive")]
    except RuntimeError:  # what zipfile raises for an encrypted member
        return [Found("encrypted_archive")]
    except OSError as error:
        return [Found("read_error", error.strerror)]


def _read(place: Place, wanted: Wanted) -> list[Found]:
    name = (place.member or place.path).lower()
    if place.size == 0:
        return [Found("empty_file")]
    with _opened(place) as stream:
        head = stream.read(HEAD)
        if head[:2] == b"\x1f\x8b" and not name.endswith(".nii.gz"):
            head = gzip.GzipFile(fileobj=BytesIO(head + stream.read(max(0, LONGEST_JSON - HEAD)))).read(LONGEST_JSON)
            return [_dicom(head, None, len(head), wanted)]
        if name.endswith((".nii", ".nii.gz")):
            from harmonize.intake.dicom.nifti import read_nifti

            return read_nifti(place, wanted)
        if head[128:132] != b"DICM" and not head.startswith(_BARE_STARTS):
            return _other(place, name, head, stream, wanted)
        found = _dicom(head, stream, place.size, wanted)
    if found.reason == "dicomdir":
        return [found, *_missing_of_directory(place, found)]
    return [found]


@contextmanager
def _opened(place: Place) -> Iterator[BinaryIO]:
    if place.member is None:
        with open(place.path, "rb") as stream:
            yield stream
    else:
        with zipfile.ZipFile(place.path) as archive, archive.open(place.member) as member:
            yield cast(BinaryIO, member)


def _other(place: Place, name: str, head: bytes, stream: BinaryIO, wanted: Wanted) -> list[Found]:
    if head.lstrip()[:1] in (b"{", b"["):
        from harmonize.intake.dicom.web import read_metadata

        if place.size > LONGEST_JSON:
            return [Found("not_dicom", "It is a JSON text that is too long to be metadata.")]
        found = read_metadata(head + stream.read(), wanted)
        return [Found("sidecar")] if found[0].reason == "not_dicom" and _has_volume(place) else found
    return [Found("not_dicom", what_else(head, name))]


def _has_volume(place: Place) -> bool:
    """Whether a JSON stands beside a NIfTI file of its name."""
    stem = (place.member or place.path).rpartition(".")[0]
    names = (f"{stem}.nii", f"{stem}.nii.gz")
    if place.member is None:
        return any(Path(name).exists() for name in names)
    with zipfile.ZipFile(place.path) as archive:
        return not set(names).isdisjoint(archive.namelist())


def _dicom(head: bytes, stream: BinaryIO | None, size: int, wanted: Wanted) -> Found:
    """The header in `head`, or where that is too short, in the whole stream."""
    found = _tried(BytesIO(head), len(head), size, wanted)
    if found.reason in _FAILED and len(head) < size and stream is not None:
        stream.seek(0)
        found = _tried(stream, size, size, wanted)
    if found.reason and head[128:132] != b"DICM":
        return Found("not_dicom", "It begins like a DICOM header without preamble, and holds none.")
    return found


def _tried(stream: BinaryIO, available: int, size: int, wanted: Wanted) -> Found:
    try:
        return _parse(stream, available, size, wanted)
    except (_Truncated, EOFError):
        return Found("truncated_header")
    except _Impossible as error:
        return Found("broken_header", str(error))
    except Exception as error:
        if isinstance(error, OSError) and error.errno:
            raise
        return Found("broken_header", "its bytes are no elements of DICOM")


def _parse(stream: BinaryIO, available: int, size: int, wanted: Wanted) -> Found:
    """Read the elements before the pixels. `available` bytes can be read of a file of `size`.

    pydicom's generator gives raw elements; its `dcmread` makes objects of them that nobody here needs.
    """
    from pydicom.filereader import data_element_generator

    if stream.read(132)[128:] != b"DICM":
        stream.seek(0)
    meta = {
        int(element.tag): _uid(element.value)
        for element in data_element_generator(
            stream, False, True, stop_when=lambda tag, vr, length: int(tag) >> 16 != 2, defer_size=LONGEST_ELEMENT
        )
    }
    if meta.get(_MEDIA_CLASS) == _MEDIA_DIRECTORY:
        return _directory(stream)
    syntax = meta.get(_TRANSFER_SYNTAX)
    implicit, little = syntax == _IMPLICIT, syntax != _BIG_ENDIAN
    if syntax is None:
        implicit, little = _guess(stream)
    elif syntax == _DEFLATED:
        if available < size:
            raise _Truncated
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        stream = BytesIO(inflater.decompress(stream.read(LONGEST_DEFLATED), LONGEST_DEFLATED))
        available = size = stream.getbuffer().nbytes
    found, last, ended = Found(), -1, False
    odd: list[int] = []
    written = _guess(stream)
    if syntax is not None and written != (implicit, little) and _is_start(stream, *written):
        implicit, little = written
        found.header.notes.add("a transfer syntax in which the elements are not written")

    def at_end(tag: int, vr: str | None, length: int) -> bool:
        nonlocal last, ended
        before, last = last, int(tag)
        if vr is None and not implicit and last >> 16 != _DELIMITERS:
            odd.append(last)  # read as if it were of no type, which works where only this one is
        if last >= _PIXELS:
            ended = True
            if last in _PIXEL_TAGS and length != _UNDEFINED and stream.tell() + length > size:
                found.header.notes.add("pixel data that end too early")
        elif last <= before:
            found.header.notes.add("elements out of order")
            ended = last < _FIRST  # what follows is no header any more, such as zeros without an end
        return ended

    elements = data_element_generator(stream, implicit, little, stop_when=at_end, defer_size=LONGEST_ELEMENT)
    end = read_elements(elements, wanted, found.header)
    if not ended and (end > available or available < size):
        if odd:
            raise _Impossible(
                f"the element ({odd[0] >> 16:04X},{odd[0] & 0xFFFF:04X}) is of a type that DICOM does not have"
            )
        raise _Truncated
    return finish(found)


def _uid(value: Any) -> str:
    return value.decode("latin-1").strip(" \x00") if isinstance(value, bytes) else ""


def _guess(stream: BinaryIO) -> tuple[bool, bool]:
    """(implicit VR, little endian) of a header, by its first element."""
    start = stream.read(6)
    stream.seek(-len(start), 1)
    explicit = start[4:6].isalpha() and start[4:6].isupper()
    return not explicit, not start.startswith(b"\x00")


def _is_start(stream: BinaryIO, implicit: bool, little: bool) -> bool:
    """Whether the first element, so read, is one of a header: of a known group, and no longer than the file."""
    start = stream.read(12)
    stream.seek(-len(start), 1)
    order = "<" if little else ">"
    if len(start) < 8:
        return False
    (group,) = struct.unpack(f"{order}H", start[:2])
    length = struct.unpack(f"{order}L", start[4:8])[0] if implicit else struct.unpack(f"{order}H", start[6:8])[0]
    return bool(0x0008 <= group <= 0x7FE0 and group % 2 == 0 and length <= LONGEST_ELEMENT)


def _directory(stream: BinaryIO) -> Found:
    """A DICOMDIR: the files it names are in `header.values`, each under its path."""
    from pydicom import dcmread

    stream.seek(0)
    dataset = dcmread(stream)
    found = Found("dicomdir")
    for record in dataset.get("DirectoryRecordSequence", ()):
        parts = record.get("ReferencedFileID")
        if parts:
            path = "/".join([parts] if isinstance(parts, str) else list(parts))
            found.header.values[path] = ""
    return found


def _missing_of_directory(place: Place, directory: Found) -> list[Found]:
    """The files that a DICOMDIR names and that are not there; letter case and a version (`;1`) do not count."""
    names = list(directory.header.values)
    directory.header.values.clear()
    if place.member is None:
        folder = Path(place.path).parent
        missing = [name for name in names if not (folder / name).exists()]
        if missing:
            there = {path.relative_to(folder).as_posix().casefold() for path in folder.rglob("*")}
            missing = [name for name in missing if name.casefold() not in there]
    else:
        base = PurePosixPath(place.member).parent
        with zipfile.ZipFile(place.path) as archive:
            there = {name.casefold() for name in archive.namelist()}
        missing = [name for name in names if (base / name).as_posix().casefold() not in there]
    return [Found("listed_and_missing", name, part=number) for number, name in enumerate(missing, start=1)]
