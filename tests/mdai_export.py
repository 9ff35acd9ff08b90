"""An invented annotation export of MD.ai, of a seed, and an index of the series that it is about."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

NAMES = ("Typical Appearance", "Indeterminate Appearance", "Atypical Appearance", "Negative for Pneumonia",
         "Mild Opacities  (1-2 lung zones)", "Moderate Opacities (3-4 lung zones)", "Severe Opacities (>4 lung zones)",
         "Invalid Study")  # fmt: skip
GROUPS = {"North": "U_1", "East": "U_2", "South": "U_3", "Adjudication": "U_4"}
INDEX = (
    "collection_id,PatientID,SeriesInstanceUID,StudyInstanceUID,PatientAge,PatientSex,StudyDate,Modality,SeriesNumber\n"
)


def label_groups() -> list[dict[str, Any]]:
    """Label groups as MD.ai has them; the id of a label is L_<group>_<number of its name>."""
    return [
        {"id": f"G_{group}", "name": group, "type": "STANDARD", "labels": [
            {"id": f"L_{group}_{number}", "parentId": None, "name": name, "scope": "STUDY", "type": "GLOBAL",
             "annotationMode": None} for number, name in enumerate(NAMES)]}
        for group in GROUPS
    ]  # fmt: skip


def read(number: int, study: int, group: str, label: int, **more: Any) -> dict[str, Any]:
    """One annotation of a study by the reader of a group."""
    return {
        "id": f"A_{number}", "StudyInstanceUID": f"1.2.{study}", "labelId": f"L_{group}_{label}",
        "createdById": GROUPS[group], "createdAt": "2020-08-15T18:28:49.247Z", "data": None, "note": None, **more,
    }  # fmt: skip


def export(annotations: list[dict[str, Any]], studies: int) -> dict[str, Any]:
    """A whole export of one dataset."""
    listed = [{"StudyInstanceUID": f"1.2.{number}", "number": number} for number in range(1, studies + 1)]
    dataset = {"id": "D_1", "name": "Dataset", "studies": listed, "annotations": annotations}
    return {"id": "P_1", "name": "Invented", "labelGroups": label_groups(), "datasets": [dataset]}


def random_export(seed: int, studies: int) -> dict[str, Any]:
    """An export in which three groups read every study and some are adjudicated."""
    draw = random.Random(seed)
    annotations: list[dict[str, Any]] = []
    for study in range(1, studies + 1):
        for group in GROUPS:
            if group != "Adjudication" or draw.random() < 0.2:
                annotations.append(read(len(annotations), study, group, draw.choices(range(8), [4] * 7 + [1])[0]))
    return export(annotations, studies)


def write(folder: Path, document: dict[str, Any], name: str = "export.json", **dumps: Any) -> Path:
    """The export as a file."""
    path = folder / name
    path.write_text(json.dumps(document, **dumps), encoding="utf-8")
    return path


def write_index(folder: Path, studies: int) -> Path:
    """Two series of each study, patients of two studies each."""
    lines = [
        f"c,MIDRC-RICORD-1C-P{study // 2},1.2.{study}.{number},1.2.{study},050Y,F,2004-05-{study % 9 + 1:02},CR,"
        f"{number}\n"
        for study in range(1, studies + 1)
        for number in (2, 1)
    ]
    path = folder / "index.csv"
    path.write_text(INDEX + "".join(lines), encoding="utf-8")
    return path
