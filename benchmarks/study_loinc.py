"""LOINC codes of study descriptions: how often the parser is right, wrong or silent, on rows seen and never seen.

Two measures, each in two halves. MIDRC's table (309 rows, people gave the codes), halved by a hash of the row. And 450
descriptions that the table lacks, drawn by a hash, whose codes were given by reading the description alone
(study_labels.tsv): rules were written from what the parser did to the first 300, the other 150 were coded when the
rules were finished. A right silence is one where no LOINC code is right.

Needs the shared data (HARMONIZE_SHARED, default ../shared/data).
"""

from __future__ import annotations

import csv
import hashlib
import os
import time
from collections import Counter
from pathlib import Path

from harmonize.imaging.loinc_codes import LoincCode
from harmonize.imaging.study_code import code_file
from harmonize.imaging.study_loinc import propose
from harmonize.imaging.study_parts import normal_description, normal_modality, read_parts
from harmonize.imaging.study_rules import rules
from harmonize.imaging.study_table import read_table

SHARED = Path(os.environ.get("HARMONIZE_SHARED") or Path(__file__).resolve().parents[2] / "shared" / "data") / "loinc"
LABELS = Path(__file__).parent / "study_labels.tsv"
KINDS = ("method", "region", "side", "views", "contrast")


def measure(folder: Path) -> dict[str, float]:
    """Rows right, wrong and silent by half, errors by the first part that differs, the share of studies with a code."""
    table = SHARED / "study_description_to_loinc_dev.tsv"
    known = read_table(table).codes()
    began = time.perf_counter()
    studies = code_file(SHARED / "study_description_frequencies.tsv", known)
    seconds = time.perf_counter() - began
    frequencies = [int(str(row["frequency"])) for row in studies]
    coded = sum(n for n, row in zip(frequencies, studies, strict=True) if row["loinc_code"])
    return {
        **_table(table),
        **_labels(),
        "studies_with_code": coded / sum(frequencies),
        "descriptions_per_s": len(studies) / seconds,
    }


def _table(path: Path) -> dict[str, float]:
    """The parser against MIDRC's table."""
    loinc = {row["LOINC_NUM"]: row for row in _rows(SHARED / "loinc_radiology_codes.tsv")}
    found: dict[str, Counter[str]] = {"seen": Counter(), "held_out": Counter()}
    errors: Counter[str] = Counter()
    known = read_table(path)
    contradicted = {line for one in (*known.conflicts, *known.doubts) for line in one.lines}
    for line, row in enumerate(_rows(path), 2):
        code, wanted = propose(row["Modality"], row["StudyDescription"]).code, row["LOINC code"].strip()
        verdict = _verdict(code, wanted)
        found["held_out" if is_held_out(row) else "seen"][verdict] += 1
        if code is not None:
            allowed = rules().families[read_parts(row["Modality"], row["StudyDescription"]).family].allowed
            errors["contradictions"] += code.method not in allowed
        if verdict == "wrong" and code is not None:
            errors[_kind(code, loinc[wanted])] += 1
            errors["of_the_table"] += line in contradicted
    return {
        **_counts("table", found),
        "contradictions": errors["contradictions"],
        **{f"errors_{kind}": errors[kind] for kind in KINDS},
        "errors_in_rows_that_the_table_contradicts": errors["of_the_table"],
        "doubts_of_the_table": len(known.doubts),
    }


def _labels() -> dict[str, float]:
    """The parser against codes that were given by reading descriptions that the table lacks."""
    described = {
        _key(*study): study
        for study in (
            (normal_modality(row["Modality"]), normal_description(row["StudyDescription"]))
            for row in _rows(SHARED / "study_description_frequencies.tsv")
        )
    }
    found: dict[str, Counter[str]] = {"seen": Counter(), "held_out": Counter()}
    for row in _rows(LABELS):
        code = propose(*described[row["key"]]).code
        found[row["half"].replace(" ", "_")][_verdict(code, row["loinc_code"])] += 1
    return _counts("read", found)


def _verdict(code: LoincCode | None, wanted: str) -> str:
    if code is None:
        return "silent" if wanted else "rightly_silent"
    return "right" if code.code == wanted else "wrong"


def _counts(name: str, found: dict[str, Counter[str]]) -> dict[str, float]:
    """Rows by verdict, the share that is right, and the precision: of the rows with a code."""
    numbers: dict[str, float] = {}
    for half, counts in found.items():
        right, wrong, rows = counts["right"], counts["wrong"], sum(counts.values())
        numbers |= {f"{name}_{half}_{verdict}": counts[verdict] for verdict in ("right", "wrong", "silent")}
        numbers[f"{name}_{half}_agreement"] = (right + counts["rightly_silent"]) / rows
        numbers[f"{name}_{half}_precision"] = right / (right + wrong)
    return numbers


def _key(modality: str, description: str) -> str:
    return hashlib.md5(f"{modality}|{description}".encode()).hexdigest()


def is_held_out(row: dict[str, str]) -> bool:
    """Whether a row of the table belongs to the half that rules were not written from."""
    text = f"{row['Modality']}|{row['StudyDescription']}".upper()
    return int(hashlib.md5(text.encode()).hexdigest(), 16) % 2 == 1


def _kind(found: LoincCode, wanted: dict[str, str]) -> str:
    """The first part in which two codes differ."""
    other = LoincCode("", "", wanted["COMPONENT"], wanted["SYSTEM"], wanted["METHOD_TYP"])
    if found.key is None or other.key is None:
        return "region"
    pairs = zip(KINDS, found.key, other.key, strict=True)
    return next(kind for kind, one, two in pairs if one != two)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
