"""The elements of a DICOM header as texts: those that a schema asks for, and those that the PS3.15 profile empties."""

from __future__ import annotations

import re
import struct
import warnings
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Tree = dict[int, "Node"]
PRIVATE = 0x10000
OVERLAYS = frozenset({0x5000, 0x6000})
_CHARACTER_SET = 0x00080005
_UNDEFINED = 0xFFFFFFFF
_ESCAPE = b"\x1b"
_NUMBERS = {"US": "H", "SS": "h", "UL": "L", "SL": "l", "FL": "f", "FD": "d", "UV": "Q", "SV": "q"}
_TEXTS = frozenset({"AE", "AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI", "UR"})
_CODED_TEXTS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
_PLAIN = ("utf-8",)
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
LONGEST_TEXT = 4096


@dataclass(frozen=True)
class Node:
    """What is wanted of a tag: the header's name of its value, and what is wanted inside of it (a sequence)."""

    name: str | None = None
    inside: Tree = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What is taken from headers: the tree of the attributes, the tags that the profile empties (tag → keyword), the
    texts that say nobody (folded), and a number that changes with all of these, so that headers are read again."""

    tree: Tree
    profile: Mapping[int, str]
    dummies: frozenset[str]
    version: str


@dataclass
class Header:
    """What a header holds: `values` by name, several divided by a backslash; `told` the attributes that the profile
    empties and that hold something, with the path to those in sequences; `private` the number of private elements;
    `notes` what was odd."""

    values: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    private: int = 0
    notes: set[str] = field(default_factory=set)


def fold(text: str) -> str:
    """A text without signs and case, to compare names by."""
    return _NOT_ALPHANUMERIC.sub("", text).casefold()


def read_elements(
    elements: Iterable[Any], wanted: Wanted, header: Header, tree: Tree | None = None, path: str = "",
    encodings: tuple[str, ...] = _PLAIN,
) -> int:  # fmt: skip
    """Take what is wanted from pydicom's elements (raw ones are not converted by pydicom, which takes five times as
    long) into `header`; sequences are entered. Returns where the last element's value ends, 0 where that is open."""
    nodes = wanted.tree if tree is None else tree
    profile = wanted.profile
    element: Any = None
    for element in elements:
        tag = int(element.tag)
        if tag & PRIVATE:
            header.private += 1
            continue
        if tag == _CHARACTER_SET:
            encodings = _encodings(_plain(element.value), header)
            continue
        node = nodes.get(tag)
        keyword = profile.get(tag & 0xFF00FFFF if tag >> 16 & 0xFF00 in OVERLAYS else tag)
        vr = element.VR or _dictionary_vr(tag)
        if vr == "SQ" or (vr == "UN" and _dictionary_vr(tag) == "SQ"):
            _read_sequence(element, wanted, header, node, keyword, path, encodings)
            continue
        if node is None and keyword is None:
            continue
        if keyword is not None and _is_filled(element) and not _says_nobody(element, vr, wanted, encodings):
            header.told.add(path + keyword)
        if node is not None and node.name is not None:
            text = _text(element, vr, tag, encodings, header)
            if text:
                known = header.values.get(node.name)
                header.values[node.name] = f"{known}\\{text}" if known and path else text
    length = getattr(element, "length", None)
    return element.value_tell + length if isinstance(length, int) and length != _UNDEFINED else 0


def _read_sequence(
    element: Any, wanted: Wanted, header: Header, node: Node | None, keyword: str | None, path: str,
    encodings: tuple[str, ...],
) -> None:  # fmt: skip
    items = _items(element, encodings)
    if items is None:
        header.notes.add("a sequence that cannot be read")
        items = []
        if keyword is not None:
            header.told.add(path + keyword)
    if keyword is not None and any(len(item) for item in items):
        header.told.add(path + keyword)
    inside = node.inside if node is not None else {}
    if keyword is not None and not inside:
        return
    name = "" if not items else f"{path}{_keyword(int(element.tag))}."
    for item in items:
        read_elements(item.values(), wanted, header, inside, name, encodings)


def _items(element: Any, encodings: tuple[str, ...]) -> Any:
    """The datasets of a sequence; None for one that cannot be read."""
    from pydicom.filereader import read_sequence

    value = element.value
    if value is None or isinstance(value, bytes):
        if not value:
            return [] if value == b"" or not element.length else None
        try:
            return read_sequence(
                BytesIO(value), element.is_implicit_VR, element.is_little_endian, len(value), list(encodings)
            )
        except Exception:  # noqa: BLE001 - pydicom raises whatever broken bytes lead to
            return None
    return value


def _is_filled(element: Any) -> bool:
    value = element.value
    if value is None:  # deferred, because it is long
        return bool(getattr(element, "length", 0))
    return bool(value.strip(b" \x00")) if isinstance(value, bytes) else value not in ("", b"")


def _says_nobody(element: Any, vr: str, wanted: Wanted, encodings: tuple[str, ...]) -> bool:
    """Whether a text is a placeholder such as ANONYMOUS."""
    value = element.value
    if not isinstance(value, bytes) or len(value) > 64 or vr not in _TEXTS | _CODED_TEXTS:
        return False
    folded = fold(_decode(value, encodings))
    return not folded or folded in wanted.dummies


def _text(element: Any, vr: str, tag: int, encodings: tuple[str, ...], header: Header) -> str | None:
    """The value as a text; None for what is none (pixels, other bytes)."""
    value = element.value
    expected = _dictionary_vr(tag)
    if vr == "UN" or (vr not in _NUMBERS and vr not in _TEXTS and vr not in _CODED_TEXTS):
        vr = expected
    elif vr != expected and vr not in expected.split(" or "):
        header.notes.add(f"{_keyword(tag)} of the type {vr}, which should be {expected}")
    if not isinstance(value, bytes):
        return None if value is None else str(value)
    if code := _NUMBERS.get(vr.split(" or ")[0]):
        return _numbers(value, code, ("<" if element.is_little_endian else ">"), tag, header)
    if vr in _CODED_TEXTS:
        if len(value) > LONGEST_TEXT:
            header.notes.add(f"{_keyword(tag)} cut to {LONGEST_TEXT:,} characters")
        return _tidy(_decode(value, encodings, header)[:LONGEST_TEXT])
    return _tidy(_plain(value)[:LONGEST_TEXT]) if vr in _TEXTS else None


def _numbers(value: bytes, code: str, order: str, tag: int, header: Header) -> str | None:
    count, rest = divmod(len(value), struct.calcsize(order + code))
    if rest or not count:
        header.notes.add(f"{_keyword(tag)} of a length that fits no number")
        return None
    numbers = struct.unpack(f"{order}{count}{code}", value)
    return "\\".join(f"{number:.7g}" if code == "f" else f"{number:.15g}" for number in numbers)


def _tidy(text: str) -> str:
    return "\\".join([part.strip(" \x00\t\r\n") for part in text.split("\\")]).replace("\x00", "").strip("\\")


def _plain(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _decode(value: bytes, encodings: tuple[str, ...], header: Header | None = None) -> str:
    if _ESCAPE not in value and value.isascii():
        return value.decode("ascii")
    from pydicom.charset import decode_bytes

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        text = decode_bytes(value, list(encodings), set())
    if header is not None and (said or "\ufffd" in text):
        header.notes.add("text that does not fit its character set")
    return text


def _encodings(term: str, header: Header) -> tuple[str, ...]:
    """Python's names of the character sets that a header names; unknown ones are noted."""
    found, known = _known_encodings(term)
    if not known:
        header.notes.add("a character set that is not known")
    return found


@cache
def _known_encodings(term: str) -> tuple[tuple[str, ...], bool]:
    from pydicom.charset import convert_encodings

    terms = [part.strip(" \x00") for part in term.split("\\")]
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            return tuple(convert_encodings(terms)), not said
        except LookupError:
            return _PLAIN, False


@cache
def _dictionary_vr(tag: int) -> str:
    from pydicom.datadict import dictionary_VR

    try:
        return str(dictionary_VR(tag))
    except KeyError:
        return "UN"


@cache
def _keyword(tag: int) -> str:
    from pydicom.datadict import keyword_for_tag

    return keyword_for_tag(tag) or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
