"""What was found in an image file: its place, its attributes, and why it is not read."""

from __future__ import annotations

from dataclasses import dataclass, field

from harmonize.engine.fingerprint import fingerprint
from harmonize.intake.dicom.elements import Header, fold

_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
_ACCESSION = "AccessionNumber"


@dataclass(frozen=True)
class Place:
    """A file of a delivery, or the member of a zip: `size` in bytes as its folder or archive says."""

    path: str
    member: str | None
    size: int


@dataclass
class Found:
    """What a file gives: `reason` None for an instance (or, of DICOMweb, a series), else the rule that tells why it
    gives none; `detail` what that rule quotes. `form` is DICOM, DICOMweb or NIfTI; `part` its number in its file."""

    reason: str | None = None
    detail: str | None = None
    form: str = "DICOM"
    part: int = 0
    header: Header = field(default_factory=Header)


def finish(found: Found) -> Found:
    """An instance or series needs the UIDs; a patient's name that is the pseudonym tells nobody. Of the accession
    number, which the profile empties, only its fingerprint stays, and nothing of a placeholder."""
    values = found.header.values
    accession = values.pop(_ACCESSION, "")
    if accession.strip() and _ACCESSION in found.header.told:
        values[_ACCESSION] = fingerprint(accession)
    name = values.pop("PatientName", None)
    if name is not None and fold(name) == fold(values.get("PatientID", "")):
        found.header.told.discard("PatientName")
    needed = _UIDS if found.form == "DICOM" else _UIDS[:2]
    lacking = ", ".join(keyword for keyword in needed if keyword not in values)
    return Found("no_uids", lacking, form=found.form) if lacking else found
