"""What pydicom and nibabel warn of goes nowhere: notes of the header tell it, in other processes too."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

import dicom_files
import orjson
import pytest

from harmonize.engine.workers import in_processes
from harmonize.intake.dicom.attributes import wanted_of
from harmonize.intake.dicom.scan import read_batch
from harmonize.intake.dicom.stage import SERIES
from harmonize.schema.load import load_schema

CHARACTER_SETS = ["ISO IR 100", "GB18030\\ISO 2022 IR 58", "ISO_IR 999", "ISO_IR 100"]


@pytest.fixture
def work(tmp_path: Path) -> tuple[object, list[tuple[int, str, None, int]]]:
    """Three headers whose character set pydicom warns of, a sound one, and a NIfTI file that nibabel tells of."""
    schema = load_schema("sources/dicom")
    paths = []
    for number, name in enumerate(CHARACTER_SETS, start=1):
        path = tmp_path / f"{number}.dcm"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dicom_files.write(path, series=number, SpecificCharacterSet=name.split("\\"), StudyDescription="CT")
        path.write_bytes(path.read_bytes().replace(b"CT CHEST", b"CT CH\xc9ST"))
        paths.append(path)
    header = bytearray(struct.pack("<i", 348) + bytes(344))
    struct.pack_into("<8h", header, 40, -5, 1, 1, 1, 1, 1, 1, 1)
    (tmp_path / "5.nii").write_bytes(bytes(header) + bytes(100))
    paths.append(tmp_path / "5.nii")
    places = [(n, str(path), None, path.stat().st_size) for n, path in enumerate(paths, start=1)]
    return wanted_of(schema, schema.classes[SERIES]), places


def _notes(text: bytes) -> list[list[str]]:
    return [orjson.loads(line)["notes"] for line in text.splitlines()]


def test_nothing_is_warned_of(
    work: tuple[object, list[tuple[int, str, None, int]]], capfd: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        count, text = read_batch(work)  # type: ignore[arg-type]
    assert count == 5
    assert [str(one.message) for one in said] == []
    assert _notes(text)[:4] == [["a character set that is not known"]] * 3 + [[]]
    assert capfd.readouterr() == ("", "")


def test_nothing_comes_from_other_processes(
    work: tuple[object, list[tuple[int, str, None, int]]], capfd: pytest.CaptureFixture[str]
) -> None:
    ((count, _),) = in_processes("harmonize.intake.dicom.scan:read_batch", [work], count=1)
    assert count == 5
    assert capfd.readouterr() == ("", "")
