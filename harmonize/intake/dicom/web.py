"""DICOMweb metadata as JSON (PS3.18, Annex F): instances of WADO-RS, or series of QIDO-RS."""

from __future__ import annotations

import re
from typing import Any

import orjson

from harmonize.intake.dicom.elements import PRIVATE, Header, Tree, Wanted, fold
from harmonize.intake.dicom.found import Found, finish

_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_INSTANCE, _SERIES = "00080018", "0020000E"


def read_metadata(text: bytes, wanted: Wanted) -> list[Found]:
    """The datasets of a JSON text, one a `Found`. A text that is no such metadata gives one with the reason."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return [Found("not_dicom", "It begins like JSON and is not valid JSON.")]
    datasets = document if isinstance(document, list) else [document]
    if not datasets or not all(_is_dataset(dataset) for dataset in datasets):
        return [Found("not_dicom", "It is JSON, but not the metadata of DICOMweb.")]
    return [_found(dataset, number, wanted) for number, dataset in enumerate(datasets)]


def _is_dataset(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(_TAG.fullmatch(key) for key in value)


def _found(dataset: dict[str, Any], number: int, wanted: Wanted) -> Found:
    found = Found(form="DICOMweb", part=number)
    if _SERIES not in dataset and _INSTANCE not in dataset:
        return Found("study_only", form="DICOMweb", part=number)
    _read(dataset, wanted, found.header, wanted.tree, "")
    done = finish(found)
    done.part = number
    return done


def _read(dataset: dict[str, Any], wanted: Wanted, header: Header, tree: Tree, path: str) -> None:
    for key, element in dataset.items():
        tag = int(key, 16)
        if tag & PRIVATE:
            header.private += 1
            continue
        if not isinstance(element, dict):
            header.notes.add("an element that is no JSON object")
            continue
        node, keyword = tree.get(tag), wanted.profile.get(tag)
        values = element.get("Value", [])
        if element.get("vr") == "SQ":
            if keyword is not None and any(values):
                header.told.add(path + keyword)
            if keyword is None or (node is not None and node.inside):
                for item in values:
                    if isinstance(item, dict):
                        _read(item, wanted, header, node.inside if node else {}, f"{path}{keyword or key}.")
            continue
        text = "\\".join(_text(value) for value in values if value is not None) if isinstance(values, list) else ""
        if keyword is not None and (text.strip() or "BulkDataURI" in element or element.get("InlineBinary")):
            folded = fold(text)
            if not folded or folded not in wanted.dummies:
                header.told.add(path + keyword)
        if node is not None and node.name is not None and text.strip("\\ "):
            known = header.values.get(node.name)
            header.values[node.name] = f"{known}\\{text}" if known and path else text


def _text(value: Any) -> str:
    if isinstance(value, dict):  # a person's name
        return str(value.get("Alphabetic", "") or value.get("Ideographic", ""))
    return f"{value:.15g}" if isinstance(value, float) else str(value)
