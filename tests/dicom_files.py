"""Invented DICOM files for the tests, written by pydicom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

ROOT = "1.2.826.0.1.3680043.10.474"


def uid(*numbers: int) -> str:
    return ".".join([ROOT, *map(str, numbers)])


def dataset(patient: str = "p1", study: int = 1, series: int = 1, instance: int = 1, **attributes: Any) -> Dataset:
    """A header; None takes an attribute away."""
    found = Dataset()
    values = {
        "SOPClassUID": CTImageStorage, "SOPInstanceUID": uid(study, series, instance), "PatientID": patient,
        "StudyInstanceUID": uid(study), "SeriesInstanceUID": uid(study, series), "Modality": "CT",
        "StudyDate": "20210305", "SeriesDate": "20210305", "PatientAge": "040Y", "PatientSex": "F",
        "SeriesNumber": series, "InstanceNumber": instance, "StudyDescription": "CT CHEST", "Rows": 4, "Columns": 4,
        "BurnedInAnnotation": "NO", **attributes,
    }  # fmt: skip
    for keyword, value in values.items():
        if value is not None:
            setattr(found, keyword, value)
    return found


def write(path: Path, header: Dataset | None = None, *, pixels: bytes = b"\0" * 32, **attributes: Any) -> Path:
    """A DICOM file of the header, or of `dataset` of the attributes."""
    found = header if header is not None else dataset(**attributes)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = found.get("SOPClassUID", CTImageStorage)
    meta.MediaStorageSOPInstanceUID = found.get("SOPInstanceUID", uid(0))
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    path.parent.mkdir(parents=True, exist_ok=True)
    file = FileDataset(str(path), found, file_meta=meta, preamble=b"\0" * 128)
    if pixels:
        file.PixelData = pixels
        file["PixelData"].VR = "OB"
    file.save_as(path, enforce_file_format=True)
    return path
