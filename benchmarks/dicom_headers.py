"""The header scan of `--source dicom` beside a bare pydicom loop over the same files.

The scan counts all: finding the files, reading headers on all cores, attributes, the privacy profile, keeping them in a
store and gathering the series. The loop only opens each file and has pydicom read it up to the pixels.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import duckdb

FILES = 20_000
SERIES_OF = 100
PRIVATE = 60


def measure(folder: Path) -> dict[str, float]:
    """Write invented CT images to `folder`, read their headers in both ways, and return what was measured.

    The ways take turns, because the machine may be busy; of each the faster time counts.
    """
    images = folder / "images"
    _write(images)
    bare, scanned = [], []
    for turn in range(2):
        bare.append(_timed(lambda: _bare(images)))
        scanned.append(_timed(lambda: _scan(images, folder / f"{turn}.duckdb")))  # noqa: B023 - called at once
    again = _timed(lambda: _scan(images, folder / "0.duckdb"))
    return {
        "files": FILES,
        "bare_files_per_s": FILES / min(bare),
        "scan_files_per_s": FILES / min(scanned),
        "unchanged_files_per_s": FILES / again,
        "ratio_to_bare_loop": min(bare) / min(scanned),
    }


def _timed(run: Callable[[], None]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _write(folder: Path) -> None:
    """Files of one invented header, told apart by their UIDs, which have equal lengths."""
    from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

    root = "1.2.826.0.1.3680043.10.474"
    series, instance = "1000000", "2000000"
    header = Dataset()
    values = {
        "SpecificCharacterSet": "ISO_IR 100", "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
        "SOPClassUID": CTImageStorage, "SOPInstanceUID": f"{root}.{instance}", "StudyTime": "101500",
        "StudyDate": "20210305", "SeriesDate": "20210305",
        "AcquisitionDate": "20210305", "ContentDate": "20210305", "SeriesTime": "101600", "AccessionNumber": "",
        "Modality": "CT", "Manufacturer": "Invented Scanners", "StudyDescription": "CT CHEST WO CONTRAST",
        "SeriesDescription": "LUNG 1.25", "ManufacturerModelName": "Model 7", "PatientName": "", "PatientID": "p000001",
        "PatientSex": "F", "PatientAge": "040Y", "BodyPartExamined": "CHEST", "ScanOptions": "HELICAL MODE",
        "SliceThickness": "1.25", "KVP": "120", "DataCollectionDiameter": "500", "SoftwareVersions": "v1",
        "ProtocolName": "Chest", "ReconstructionDiameter": "360", "GantryDetectorTilt": "0", "TableHeight": "150",
        "RotationDirection": "CW", "ExposureTime": "500", "XRayTubeCurrent": "300", "Exposure": "150",
        "FilterType": "BODY", "ConvolutionKernel": "LUNG", "PatientPosition": "FFS", "StudyInstanceUID": f"{root}.3",
        "SeriesInstanceUID": f"{root}.{series}", "SeriesNumber": 2, "AcquisitionNumber": 1, "InstanceNumber": 1,
        "ImagePositionPatient": [-180.0, -180.0, 10.5], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "FrameOfReferenceUID": f"{root}.4", "SliceLocation": "10.5", "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2", "Rows": 32, "Columns": 32, "PixelSpacing": [0.7, 0.7],
        "BitsAllocated": 16, "BitsStored": 16, "HighBit": 15, "PixelRepresentation": 1, "WindowCenter": "40",
        "WindowWidth": "400", "RescaleIntercept": "-1024", "RescaleSlope": "1", "BurnedInAnnotation": "NO",
        "PatientIdentityRemoved": "YES",
    }  # fmt: skip
    for keyword, value in values.items():
        setattr(header, keyword, value)
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = CTImageStorage, f"{root}.5"
    header.SourceImageSequence = [reference]
    block = header.private_block(0x0019, "INVENTED", create=True)
    for number in range(PRIVATE):
        block.add_new(number, "DS", f"{number}.5")
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, f"{root}.{instance}"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    pattern = folder / "pattern.dcm"
    folder.mkdir()
    file = FileDataset(str(pattern), header, file_meta=meta, preamble=b"\0" * 128)
    file.PixelData = b"\0" * 2048
    file["PixelData"].VR = "OW"
    file.save_as(pattern, enforce_file_format=True)
    content = pattern.read_bytes()
    pattern.unlink()
    for number in range(FILES):
        own = content.replace(f"{root}.{instance}".encode(), f"{root}.{2_000_000 + number}".encode())
        own = own.replace(f"{root}.{series}".encode(), f"{root}.{1_000_000 + number // SERIES_OF}".encode())
        path = folder / f"{number // SERIES_OF:04d}" / f"{number:06d}.dcm"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(own)


def _bare(folder: Path) -> None:
    from pydicom import dcmread

    series = set()
    for path in sorted(folder.rglob("*.dcm")):
        series.add(str(dcmread(path, stop_before_pixels=True).SeriesInstanceUID))
    if len(series) != FILES // SERIES_OF:
        raise SystemExit(f"The loop found {len(series)} series.")


def _scan(folder: Path, store: Path) -> None:
    from harmonize.schema.load import load_schema
    from harmonize.validation.dicom import stage_delivery

    schema = load_schema("sources/dicom")
    with duckdb.connect(str(store)) as con:
        con.execute("CREATE SCHEMA IF NOT EXISTS harmonize")
        (series, *others) = stage_delivery(con, [folder], schema, 1, nullcontext, lambda _step: None)
    if series.staged.records != FILES // SERIES_OF or others:
        raise SystemExit(f"The scan found {series.staged.records} series.")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        for what, value in measure(Path(name)).items():
            print(what, round(value, 3))
