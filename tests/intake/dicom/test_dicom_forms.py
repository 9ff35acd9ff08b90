"""Headers that are no plain DICOM file: DICOMweb metadata, NIfTI, DICOMDIR, other encodings; the tables behind."""

from __future__ import annotations

import gzip
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from dicom_files import dataset, uid, write
from pydicom.datadict import keyword_for_tag, tag_for_keyword
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from harmonize.engine.errors import InputError
from harmonize.engine.fingerprint import fingerprint
from harmonize.intake.dicom import attributes as dicom_attributes
from harmonize.intake.dicom.attributes import profile, require_pydicom, wanted_of
from harmonize.intake.dicom.elements import Wanted
from harmonize.intake.dicom.find import find_images
from harmonize.intake.dicom.found import Found, Place
from harmonize.intake.dicom.header import read_place
from harmonize.schema.load import load_schema


@pytest.fixture(scope="module")
def wanted() -> Wanted:
    schema = load_schema("sources/dicom")
    return wanted_of(schema, schema.classes["series"])


def read(path: Path, wanted: Wanted, member: str | None = None) -> list[Found]:
    return read_place(Place(str(path), member, path.stat().st_size), wanted)


def values(path: Path, wanted: Wanted, member: str | None = None) -> dict[str, str]:
    (found,) = read(path, wanted, member)
    assert found.reason is None
    return found.header.values


def lying(path: Path, syntax: str) -> bytes:
    """The bytes of a file with another transfer syntax in its file meta information."""
    data = path.read_bytes()
    at = data.index(b"\x02\x00\x10\x00UI")
    (length,) = struct.unpack("<H", data[at + 6 : at + 8])
    said = syntax.encode() + b"\0" * (len(syntax) % 2)
    return data[: at + 6] + struct.pack("<H", len(said)) + said + data[at + 8 + length :]


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_a_transfer_syntax_that_lies_is_told_and_the_header_read(tmp_path: Path, wanted: Wanted, syntax: Any) -> None:
    plain = write(tmp_path / "plain.dcm")
    liar = tmp_path / "liar.dcm"
    liar.write_bytes(lying(plain, str(syntax)))
    (found,) = read(liar, wanted)
    assert (found.reason, found.header.values) == (None, values(plain, wanted))
    assert found.header.notes == {"a transfer syntax in which the elements are not written"}
    assert read(plain, wanted)[0].header.notes == set()


def test_implicit_elements_under_an_explicit_syntax(tmp_path: Path, wanted: Wanted) -> None:
    header = dataset()
    plain = values(write(tmp_path / "plain.dcm", header), wanted)
    header.file_meta = FileMetaDataset()
    header.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    other = tmp_path / "other.dcm"
    dcmwrite(other, header, enforce_file_format=True, implicit_vr=True, little_endian=True)
    other.write_bytes(lying(other, str(ExplicitVRLittleEndian)))
    (found,) = read(other, wanted)
    assert found.header.values == plain
    assert found.header.notes == {"a transfer syntax in which the elements are not written"}


@pytest.mark.parametrize("type_", [b"cs", b"\0\0", b"1S"])
def test_an_element_of_an_impossible_type_is_named(tmp_path: Path, wanted: Wanted, type_: bytes) -> None:
    path = write(tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes().replace(b"\x08\x00\x60\x00CS", b"\x08\x00\x60\x00" + type_))
    (found,) = read(path, wanted)
    assert found.reason == "broken_header"
    assert found.detail == "the element (0008,0060) is of a type that DICOM does not have"


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian])
def test_every_encoding_gives_the_same_header(tmp_path: Path, wanted: Wanted, syntax: Any) -> None:
    header = dataset(PixelSpacing=[0.7, 0.8], SpacingBetweenSlices=2.5, MagneticFieldStrength=1.5, EchoNumbers=[1, 2])
    item = Dataset()
    item.RegionSpatialFormat = 1
    header.SequenceOfUltrasoundRegions = [item, item]
    plain = values(write(tmp_path / "plain.dcm", header), wanted)
    other = tmp_path / "other.dcm"
    header.file_meta = FileMetaDataset()
    header.file_meta.TransferSyntaxUID = syntax
    order = {"implicit_vr": syntax.is_implicit_VR, "little_endian": syntax.is_little_endian}
    dcmwrite(other, header, enforce_file_format=True, **order)
    assert values(other, wanted) == plain
    assert plain["PixelSpacing"] == "0.7\\0.8"
    assert plain["SequenceOfUltrasoundRegions.RegionSpatialFormat"] == "1\\1"


def test_a_header_without_preamble_is_read_and_text_is_not(tmp_path: Path, wanted: Wanted) -> None:
    bare = tmp_path / "bare"
    dcmwrite(bare, dataset(), implicit_vr=True, little_endian=True)
    assert values(bare, wanted)["SeriesInstanceUID"] == uid(1, 1)
    bare.write_bytes(b"\x08\x00 not a header" + b"\x00" * 50)
    assert read(bare, wanted)[0].reason == "not_dicom"


def test_a_long_header_is_read_to_its_end(tmp_path: Path, wanted: Wanted) -> None:
    header = dataset(SeriesDescription="LUNG")
    header.add_new(0x00189346, "SQ", [])
    header.private_block(0x0019, "INVENTED", create=True).add_new(1, "OB", b"\0" * 300_000)
    path = write(tmp_path / "long.dcm", header)
    assert values(path, wanted)["SeriesNumber"] == "1"
    path.write_bytes(path.read_bytes()[:200_000])
    assert read(path, wanted)[0].reason == "truncated_header"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.write(write(tmp_path / "long.dcm", header), "long.dcm")
    place = Place(str(tmp_path / "a.zip"), "long.dcm", (tmp_path / "long.dcm").stat().st_size)
    assert read_place(place, wanted)[0].header.values["SeriesNumber"] == "1"


def test_a_packed_file_is_unpacked(tmp_path: Path, wanted: Wanted) -> None:
    path = tmp_path / "1.dcm.gz"
    path.write_bytes(gzip.compress(write(tmp_path / "1.dcm").read_bytes()))
    assert values(path, wanted)["PatientID"] == "p1"


def test_functional_groups_tell_spacing(tmp_path: Path, wanted: Wanted) -> None:
    measures, shared = Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = [0.5, 0.5], 2
    shared.PixelMeasuresSequence = [measures]
    found = values(write(tmp_path / "1.dcm", dataset(SharedFunctionalGroupsSequence=[shared])), wanted)
    assert found["SharedFunctionalGroupsSequence.PixelMeasuresSequence.PixelSpacing"] == "0.5\\0.5"


def test_metadata_of_dicomweb(tmp_path: Path, wanted: Wanted) -> None:
    instance = dataset(PatientName="Muster^Anna", PixelSpacing=[0.7, 0.8], AccessionNumber="A 1").to_json_dict()
    series = dataset(series=2, SOPInstanceUID=None).to_json_dict()
    series["00201209"] = {"vr": "IS", "Value": [57]}
    study = {"0020000D": {"vr": "UI", "Value": [uid(3)]}}
    path = tmp_path / "metadata.json"
    path.write_text(json.dumps([instance, series, study]), encoding="utf-8")
    one, two, three = read(path, wanted)
    assert one.header.values["PixelSpacing"] == "0.7\\0.8"
    assert one.header.told == {"PatientName", "AccessionNumber"}
    assert one.header.values["AccessionNumber"] == fingerprint("A 1")
    assert two.header.values["NumberOfSeriesRelatedInstances"] == "57"
    assert (two.reason, two.form, two.part) == (None, "DICOMweb", 1)
    assert (three.reason, three.part) == ("study_only", 2)
    path.write_text('{"a": 1}', encoding="utf-8")
    assert [found.reason for found in read(path, wanted)] == ["not_dicom"]


def test_a_volume_and_the_json_beside_it(tmp_path: Path, wanted: Wanted) -> None:
    image = nibabel.Nifti1Image(np.zeros((4, 4, 3), dtype=np.int16), np.diag([0.7, 0.8, 1.25, 1]))
    path = tmp_path / "volume.nii.gz"
    nibabel.save(image, path)
    assert read(path, wanted)[0].reason == "no_uids"
    beside = tmp_path / "volume.json"
    told = {"StudyInstanceUID": uid(1), "SeriesInstanceUID": uid(1, 1), "PatientID": "p1", "Modality": "CT",
            "ImageType": ["ORIGINAL", "PRIMARY"], "PatientName": "Muster^Anna", "AccessionNumber": 17}  # fmt: skip
    beside.write_text(json.dumps(told), encoding="utf-8")
    (found,) = read(path, wanted)
    assert found.header.values["SliceThickness"] == "1.25"
    assert found.header.values["ImageType"] == "ORIGINAL\\PRIMARY"
    assert found.header.told == {"PatientName", "AccessionNumber"}
    assert found.header.values["AccessionNumber"] == fingerprint("17")
    assert [one.reason for one in read(beside, wanted)] == ["sidecar"]
    named = tmp_path / "p7" / uid(2) / f"{uid(2, 1)}.nii"
    named.parent.mkdir(parents=True)
    nibabel.save(image, named)
    found_values = values(named, wanted)
    assert (found_values["PatientID"], found_values["SeriesInstanceUID"]) == ("p7", uid(2, 1))
    named.write_bytes(named.read_bytes()[:100])
    assert read(named, wanted)[0].reason == "broken_nifti"


def test_a_dicomdir_names_what_is_missing(tmp_path: Path, wanted: Wanted) -> None:
    from pydicom.fileset import FileSet

    medium = FileSet()
    for number in (1, 2):
        header = dataset(instance=number, PatientName="", StudyTime="101500", StudyID="1", AccessionNumber="")
        medium.add(write(tmp_path / "in" / f"{number}.dcm", header))
    medium.write(tmp_path / "disc")
    directory = tmp_path / "disc" / "DICOMDIR"
    assert [found.reason for found in read(directory, wanted)] == ["dicomdir"]
    found = list(find_images([directory]))
    assert len(found) == 3
    lost = next(Path(one.path) for one in found if one.path != str(directory))
    lost.unlink()
    reasons = [(one.reason, one.detail) for one in read(directory, wanted)]
    assert reasons == [("dicomdir", None), ("listed_and_missing", lost.relative_to(tmp_path / "disc").as_posix())]


def test_the_profile_names_attributes_of_dicom() -> None:
    for row in profile():
        tag = row.tag
        assert keyword_for_tag(tag) == row.keyword
        assert row.tell in ("", "error", "warning")
        assert bool(row.tell) != bool(row.kept_as)
        assert row.action[0] in "DZXU"
    told = {row.keyword: row.tell for row in profile()}
    assert told["PatientName"] == told["PatientBirthDate"] == told["InstitutionName"] == "error"
    assert told["StudyDate"] == told["PatientID"] == ""
    assert told["ImageComments"] == "warning"


def test_every_attribute_of_a_series_is_one_of_dicom(wanted: Wanted) -> None:
    assert wanted.tree[tag_for_keyword("SeriesInstanceUID") or 0].name == "SeriesInstanceUID"
    schema = load_schema("sources/dicom")
    with pytest.raises(InputError, match="no attribute 'Nonsense'"):
        dicom_attributes._tag("Nonsense")
    for slot in schema.classes["series"].slots.values():
        made = slot.annotations.get("made") == "true"
        assert made != (slot.annotations.get("gather") in ("same", "first", "values", "all"))


def test_a_missing_package_is_told_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match="needs the package pydicom") as told:
        require_pydicom()
    assert "pip install 'midrc-harmonize[dicom]'" in (told.value.hint or "")
