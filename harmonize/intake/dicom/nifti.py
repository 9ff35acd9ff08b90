"""NIfTI files of former releases: the header, and the JSON beside it that a converter wrote from the DICOM headers."""

from __future__ import annotations

import gzip
import re
import zipfile
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.intake.dicom.elements import Wanted, fold
from harmonize.intake.dicom.found import Found, finish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harmonize.intake.dicom.found import Place

_UID = re.compile(r"[0-2](\.(0|[1-9][0-9]*)){3,}")
_HEADER_1, _HEADER_2 = 348, 540
_ENDINGS = (".nii.gz", ".nii")


def read_nifti(place: Place, wanted: Wanted) -> list[Found]:
    """The series that a NIfTI file is. What its header cannot tell comes from the JSON of the same name, whose keys are
    the keywords of DICOM; UIDs and the patient also from a path `case/study_uid/series_uid.nii.gz`."""
    try:
        spacing, slices = _header(place)
    except Exception:  # noqa: BLE001 - nibabel raises whatever broken bytes lead to
        return [Found("broken_nifti", form="NIfTI")]
    found = Found(form="NIfTI")
    values = found.header.values
    path = PurePosixPath((place.member or place.path).replace("\\", "/"))
    sidecar = _sidecar(place)
    names = {fold(name): name for name in _names(wanted)}
    for key, value in sidecar.items():
        name = names.get(fold(key))
        text = "\\".join(map(str, value)) if isinstance(value, list) else str(value)
        if name and text and not isinstance(value, dict):
            values[name] = text
        if key in wanted.profile.values() and text and fold(text) not in wanted.dummies:
            found.header.told.add(key)
    series = path.name[: -len(next(end for end in _ENDINGS if path.name.lower().endswith(end)))]
    if _UID.fullmatch(series):
        values.setdefault("SeriesInstanceUID", series)
        if _UID.fullmatch(path.parent.name):
            values.setdefault("StudyInstanceUID", path.parent.name)
            if path.parent.parent.name:
                values.setdefault("PatientID", path.parent.parent.name)
    if slices:
        values.setdefault("PixelSpacing", "\\".join(f"{size:.6g}" for size in spacing[:2]))
        values.setdefault("SliceThickness", f"{spacing[2]:.6g}")
    return [finish(found)]


def _names(wanted: Wanted) -> list[str]:
    return [node.name for node in wanted.tree.values() if node.name]


def _header(place: Place) -> tuple[list[float], int]:
    """(spacing in mm, slices) from the header; slices 0 where there are fewer than three dimensions."""
    nifti: Any = import_module("nibabel")  # it has no types
    with _open(place, place.path, place.member) as stream:
        start = stream.read(_HEADER_2)
        if start[:2] == b"\x1f\x8b":
            start = gzip.GzipFile(fileobj=BytesIO(start + stream.read(64 * 1024))).read(_HEADER_2)
    with _unlogged():
        if int.from_bytes(start[:4], "little") == _HEADER_2 or int.from_bytes(start[:4], "big") == _HEADER_2:
            header = nifti.Nifti2Header(start)
        else:
            header = nifti.Nifti1Header(start[:_HEADER_1])
    shape = header.get_data_shape()
    return [float(size) for size in header.get_zooms()], int(shape[2]) if len(shape) > 2 else 0


@contextmanager
def _unlogged() -> Iterator[None]:
    """nibabel logs to stderr what it mends in a header."""
    log = import_module("nibabel.imageglobals").logger
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


def _open(place: Place, path: str, member: str | None) -> Any:
    return open(path, "rb") if member is None else zipfile.ZipFile(place.path).open(member)


def _sidecar(place: Place) -> dict[str, Any]:
    name = place.member or place.path
    end = next(end for end in _ENDINGS if name.lower().endswith(end))
    beside = name[: -len(end)] + ".json"
    try:
        with _open(place, beside, beside if place.member else None) as stream:
            told = orjson.loads(stream.read())
    except (FileNotFoundError, KeyError, orjson.JSONDecodeError):
        return {}
    return told if isinstance(told, dict) else {}
