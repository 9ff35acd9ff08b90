"""Deliveries of every source with a token planted into every kind of field that the source has."""

from __future__ import annotations

import base64
import copy
import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dicom_files import dataset, uid, write
from fhir_plants import SUBJECT, planted
from gen3_batch import BATCH_ROWS, write_batch
from mdai_export import INDEX, export, read
from plants import Person, person, tokens

from harmonize.schema.load import load_schema

Plant = Callable[[str], str]


@dataclass
class Delivery:
    """A folder with a delivery, how it is loaded, and the tokens in it: token → (kind, field)."""

    folder: Path
    source: str
    mapping: str | None
    needles: dict[str, tuple[str, str]] = field(default_factory=dict)
    seed: int = 0
    full: bool = False
    fields: int = 0

    def plants(self, place: str) -> Iterator[str]:
        """The texts to plant into a field: all kinds, or where not all are asked for another one in each field."""
        kinds = list(tokens(person(0)))
        chosen = kinds if self.full else [kinds[self.fields % len(kinds)]]
        self.fields += 1
        for kind in chosen:
            self.seed += 1
            text, needle = tokens(person(self.seed))[kind]
            self.needles[needle] = (kind, place)
            yield text

    def people(self) -> list[Person]:
        """Whose tokens were planted."""
        return [person(seed) for seed in range(1, self.seed + 1)]


def fhir(folder: Path, *, full: bool = False) -> Delivery:
    """Every element that a view reads, and what none reads: extensions, unknown elements, narratives, ids."""
    found = Delivery(folder, "fhir", None, full=full)
    resources: list[dict[str, Any]] = []
    for number in range(len(list(planted("x")))):
        element = list_of_elements()[number]
        for text in found.plants(element):
            resource = copy.deepcopy(dict(planted_at(number, text)))
            resources.append({**resource, "id": f"r{len(resources)}"})
    more: dict[str, Callable[[str], dict[str, Any]]] = {
        "extension": lambda text: {"extension": [{"url": "http://x.org/e", "valueString": text}]},
        "concept extension": lambda text: {
            "code": {"text": "x", "extension": [{"url": "http://x.org/e", "valueString": text}]}
        },
        "unknown element": lambda text: {text: 1},
        "unknown value": lambda text: {"unknownElement": text},
        "concept unknown": lambda text: {"code": {"text": "x", text: text}},
        "narrative": lambda text: {"text": {"status": "generated", "div": f"<div>{text}</div>"}},
        "note": lambda text: {"note": [{"text": text}]},
        "id": lambda text: {"id": "".join(c if c.isalnum() or c in "-." else "-" for c in text)},
        "reference": lambda text: {"encounter": {"reference": f"Encounter/{text}"}},
        "reference display": lambda text: {"encounter": {"reference": "Encounter/e1", "display": text}},
        "identifier": lambda text: {"identifier": [{"system": "http://x.org", "value": text}]},
        "meta": lambda text: {"meta": {"tag": [{"code": text}]}},
        "contained": lambda text: {"contained": [{"resourceType": "Medication", "id": "m", "code": {"text": text}}]},
        "wrong type": lambda text: {"code": text},
        "object for a text": lambda text: {"recordedDate": {"x": text}},
        "language": lambda text: {"language": text},
    }
    for place, change in more.items():
        for text in found.plants(place):
            base = {
                "resourceType": "Condition",
                "id": f"r{len(resources)}",
                "subject": SUBJECT,
                "onsetDateTime": "2021-03-05",
            }
            resources.append({**base, **change(text)})
    for text in found.plants("resource type"):
        resources.append({"resourceType": text, "id": f"r{len(resources)}"})
    patients = [_patient(one, number) for number, one in enumerate(found.people())]
    folder.mkdir(parents=True)
    lines = [
        json.dumps(resource)
        for resource in [{"resourceType": "Patient", "id": "p1", "gender": "female"}, *resources, *patients]
    ]
    for text in found.plants("broken line"):
        lines.append('{"resourceType": "Patient", "name": "' + text)
    (folder / "x.ndjson").write_text("\n".join(lines))
    for text in found.plants("file name"):
        (folder / f"{text.replace('/', '-')}.ndjson").write_text(json.dumps({"resourceType": "Patient", "id": "p2"}))
    return found


_PLANTED: list[tuple[str, dict[str, Any]]] = []


def list_of_elements() -> list[str]:
    """The elements into which `planted` puts a text, in its order."""
    if not _PLANTED:
        _PLANTED.extend(planted("@@plant@@"))
    return [element for element, _ in _PLANTED]


def planted_at(number: int, text: str) -> dict[str, Any]:
    """The resource of one of them, with another text."""
    list_of_elements()
    plain, coded = json.dumps("@@plant@@")[1:-1], base64.b64encode(b"@@plant@@").decode()
    written = json.dumps(_PLANTED[number][1])
    other = base64.b64encode(text.encode()).decode()
    found: dict[str, Any] = json.loads(written.replace(plain, json.dumps(text)[1:-1]).replace(coded, other))
    return found


def _patient(of: Person, number: int) -> dict[str, Any]:
    """The elements in which a patient's own data stand, where they belong."""
    return {
        "resourceType": "Patient",
        "id": f"own{number}",
        "name": [{"family": of.family, "given": [of.given]}],
        "telecom": [{"system": "phone", "value": of.phone}, {"system": "email", "value": of.email}],
        "address": [{"line": [of.street]}],
        "birthDate": f"{of.born[-4:]}-01-01",
        "identifier": [
            {"type": {"coding": [{"code": code}]}, "value": value}
            for code, value in (("MR", of.mrn), ("SS", of.ssn), ("MB", of.plan), ("SNO", of.device))
        ],
    }


def _own_columns(one: Person) -> dict[str, str]:
    """Columns that no schema has and that identify a person."""
    return {
        "patient_name": f"{one.given} {one.family}", "MRN": one.mrn, "SSN": one.ssn, "phone": one.phone,
        "street_address": one.street, "medical_record_number": one.plan, "fax": one.device,
    }  # fmt: skip


def _written(path: Path, rows: list[dict[str, str]], delimiter: str = ",") -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, names, delimiter=delimiter, restval="")
        writer.writeheader()
        writer.writerows(rows)


def ehr(folder: Path, *, full: bool = False, workbook: bool = False) -> Delivery:
    """A site's exams and results: a token in every column, in a header, in the names of a file and of a worksheet."""
    found = Delivery(folder, "ehr", "site_419639", full=full)
    folder.mkdir(parents=True)
    schema = load_schema("sources/site_419639")
    bases = {
        "transferred exams": (
            "exams",
            {
                "Anon MRN": "419639-1",
                "Anon Sex": "F",
                "Anon Age": "50",
                "Anon Exam Date/Time": "March 4 2020 10:00:00 AM",
            },
        ),
        "all covid test results": (
            "results",
            {
                "Anon MRN": "419639-1",
                "Anon Result Date": "3/1/2020",
                "RESULT": "DETECTED",
                "MIDRC Test Method": "RT-PCR",
            },
        ),
    }
    result = bases["all covid test results"][1]
    for name, (cls, base) in bases.items():
        headers = [slot.header for slot in schema.classes[cls].slots.values()]
        rows = [{**dict.fromkeys(headers, ""), **base, "Anon Study UID": "1.2.3"}] if cls == "exams" else [dict(base)]
        for header in headers:
            for text in found.plants(f"{cls}.{header}"):
                number = len(rows)
                row = (
                    {**base, "Anon Study UID": f"1.2.3.{number}"}
                    if cls == "exams"
                    else {**base, "Anon Result Date": f"3/{number % 28 + 1}/2020"}
                )
                rows.append({**row, header: text})
        for text in found.plants(f"{cls} header"):
            rows[0][text] = "1"
        rows = [{key: value for key, value in row.items() if key != "Anon Study UID" or cls == "exams"} for row in rows]
        for row, one in zip(rows, found.people()[: len(rows)], strict=True):
            row.update(_own_columns(one))
        if workbook:
            _sheets(folder / f"{name}.xlsx", name, rows, next(found.plants("sheet name")), result)
        else:
            _written(folder / f"{name}.csv", rows)
    for text in found.plants("file name"):
        _written(folder / f"{text.replace('/', '-')}.csv", [result])
    people = [_own_columns(one) for one in found.people()]
    _written(folder / "all covid test results 2.csv", [{**result, **own} for own in people])
    return found


def _sheets(path: Path, title: str, rows: list[dict[str, str]], other: str, bare: dict[str, str]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title[:31]
    names = list(dict.fromkeys(name for row in rows for name in row))
    sheet.append(names)
    for row in rows:
        sheet.append([row.get(name, "") for name in names])
    plain = "".join("-" if sign in "[]:*?/\\" else sign for sign in other)[:31]
    more = book.create_sheet(plain)
    for cells in zip(*bare.items(), strict=True):
        more.append(list(cells))
    book.save(path)


def gen3(folder: Path, *, full: bool = False) -> Delivery:
    """A batch: a token in every column of every node."""
    found = Delivery(folder, "gen3", None, full=full)
    rows = copy.deepcopy(BATCH_ROWS)
    for node, own in rows.items():
        first = dict(own[0])
        for column in list(dict.fromkeys(name for row in own for name in row)):
            for text in found.plants(f"{node}.{column}"):
                own.append({**first, "submitter_id": f"{first['submitter_id']}-{len(own)}", column: text})
    for case, one in zip(rows["case"], found.people()[: len(rows["case"])], strict=True):
        case.update(_own_columns(one))
    rows["case"] += [
        {**rows["case"][0], "submitter_id": f"own-{number}", **_own_columns(one)}
        for number, one in enumerate(found.people())
    ]
    write_batch(folder, rows)
    return found


def cirr(folder: Path, *, full: bool = False) -> Delivery:
    """A registry's tables: a token in every column; the patients' table tells who the people of all tables are."""
    found = Delivery(folder, "cirr", "cirr", full=full)
    folder.mkdir(parents=True)
    schema = load_schema("sources/cirr")
    base = {
        "subjid": "C-1", "study_uid": "1.2.3", "lbloinc": "1988-5", "lborres": "1", "sex": "1", "hostdat": "2020-04-01",
        "lbdtc": "2020-04-01", "study_date": "2020-04-01",
    }  # fmt: skip
    for name in ("laboratory", "imaging", "patient"):
        headers = [slot.header for slot in schema.classes[name].slots.values()]
        rows = [{key: value for key, value in base.items() if key in headers}]
        for header in headers:
            for text in found.plants(f"{name}.{header}"):
                row = {**rows[0], header: text}
                rows.append({**row, "subjid": text if header == "subjid" else f"C-{len(rows)}"})
        if name == "patient":
            own = enumerate(found.people())
            rows += [{**rows[0], "subjid": f"own-{number}", **_own_columns(one)} for number, one in own]
        _written(folder / f"{name}.csv", [{**dict.fromkeys(headers, ""), **row} for row in rows])
    return found


def ricord(folder: Path, *, full: bool = False) -> Delivery:
    """An MD.ai export and its index: a token in every text of both."""
    found = Delivery(folder, "ricord", None, full=full)
    folder.mkdir(parents=True)
    annotations = [read(number, number + 1, "North", number % 4) for number in range(4)]
    for place in ("note", "createdById", "createdAt", "id", "labelId", "StudyInstanceUID", "data"):
        for text in found.plants(f"annotation.{place}"):
            number = len(annotations)
            value: Any = {"x": text} if place == "data" else text
            annotations.append({**read(number, number % 4 + 1, "East", number % 4), place: value})
    document = export(annotations, 4)
    for place, put in (
        ("name", lambda text: document.update(name=text)),
        ("dataset", lambda text: document["datasets"][0].update(name=text)),
        ("group", lambda text: document["labelGroups"][0].update(name=text)),
        ("label", lambda text: document["labelGroups"][0]["labels"][0].update(name=text)),
        ("unknown key", lambda text: document.update({text: text})),
    ):
        for text in found.plants(place):
            put(text)
    (folder / "export.json").write_text(json.dumps(document))
    _index(found, folder)
    return found


def _index(found: Delivery, folder: Path) -> None:
    headers = INDEX.strip().split(",")
    base = dict(
        zip(headers, ["midrc_ricord_1c", "P-1", "1.2.1.1", "1.2.1", "050Y", "F", "2020-03-01", "CT", "1"], strict=True)
    )
    rows = [
        {
            **base,
            "PatientID": f"MIDRC-RICORD-1C-419639-00000{n}",
            "SeriesInstanceUID": f"1.2.{n}.1",
            "StudyInstanceUID": f"1.2.{n}",
        }
        for n in range(1, 5)
    ]
    for header in headers:
        for text in found.plants(f"index.{header}"):
            number = len(rows) + 1
            row = {
                **base,
                "PatientID": f"P-{number}",
                "SeriesInstanceUID": f"1.2.{number}.1",
                "StudyInstanceUID": f"1.2.{number}",
            }
            rows.append({**row, header: text})
    _written(folder / "index.csv", rows)


def idc(folder: Path, *, full: bool = False) -> Delivery:
    """An index of series alone."""
    found = Delivery(folder, "idc", None, full=full)
    folder.mkdir(parents=True)
    _index(found, folder)
    return found


_ATTRIBUTES = (
    "StudyDescription", "SeriesDescription", "PatientID", "PatientName", "PatientComments", "InstitutionName",
    "ReferringPhysicianName", "AccessionNumber", "StudyID", "BodyPartExamined", "ProtocolName", "ManufacturerModelName",
    "SoftwareVersions", "DeviceSerialNumber", "PatientAddress", "ImageComments", "ContrastBolusAgent", "ViewPosition",
    "RequestedProcedureDescription", "OperatorsName", "Manufacturer", "StationName",
)  # fmt: skip


def dicom(folder: Path, *, full: bool = False) -> Delivery:
    """Files with a token in each of many attributes, in private elements, and in the names of folders."""
    found = Delivery(folder, "dicom", None, full=full)
    for attribute in _ATTRIBUTES:
        for text in found.plants(attribute):
            number = found.seed
            header = dataset(patient=f"p{number}", study=number)
            setattr(header, attribute, text[:60])
            write(folder / f"{number}.dcm", header)
    for text in found.plants("private element"):
        header = dataset(patient="p9001", study=9001)
        header.private_block(0x0011, "X", create=True).add_new(0x01, "LO", text[:60])
        write(folder / "private.dcm", header)
    for text in found.plants("folder"):
        write(folder / text.replace("/", "-") / "1.dcm", dataset(patient="p9002", study=9002))
    write(folder / "plain.dcm", dataset(patient="p9003", study=9003, SOPInstanceUID=uid(9003, 1, 1)))
    return found


SOURCES: dict[str, Callable[..., Delivery]] = {
    "fhir": fhir, "ehr": ehr, "gen3": gen3, "cirr": cirr, "ricord": ricord, "idc": idc, "dicom": dicom,
    "ehr_xlsx": lambda folder, **more: ehr(folder, workbook=True, **more),
}  # fmt: skip
